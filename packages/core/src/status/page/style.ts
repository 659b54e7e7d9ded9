/** The look of the page: light and dark by the reader's wish, from a phone's width on. */
export const style = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1c2128;--soft:#57606a;--line:#d8dee4;--card:#f6f8fa;--o:#1a7f37;--m:#0b62c4;--d:#9a6700;--p:#bc4c00;--x:#cf222e;--n:#c3cad1}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--soft:#9da7b3;--line:#30363d;--card:#161b22;--o:#3fb950;--m:#58a6ff;--d:#d8a326;--p:#f0883e;--x:#ff7b72;--n:#3d444d}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:54rem;background:var(--bg);color:var(--fg);font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0 0 1rem}h2{font-size:1.15rem;margin:2.2rem 0 .6rem}h3{font-size:1rem;margin:0}
p,ul,ol{margin:0;padding:0}ul,ol{list-style:none}a{color:var(--m)}
.skip{position:absolute;left:-99rem}.skip:focus{position:static}
:focus-visible{outline:3px solid var(--m);outline-offset:2px}
.banner{padding:.9rem 1rem;border-radius:.5rem;border:1px solid;border-left-width:.5rem;background:var(--card);font-size:1.15rem;font-weight:600}
.soft{color:var(--soft);font-size:.875rem}.note{margin-top:.8rem}
.c>li,article{border:1px solid var(--line);border-radius:.5rem;padding:.7rem .9rem;margin-bottom:.6rem}
.c>li{display:grid;grid-template-columns:1fr auto;gap:.1rem 1rem}.c>li>*{grid-column:1/-1}.c h3{grid-column:1}.c .s{grid-column:2;grid-row:1}
.s{font-weight:600;white-space:nowrap}
.o{color:var(--o);stroke:var(--o)}.m{color:var(--m);stroke:var(--m)}.d{color:var(--d);stroke:var(--d)}.p{color:var(--p);stroke:var(--p)}.x{color:var(--x);stroke:var(--x)}.n{stroke:var(--n)}
.s,.banner{stroke:none}
.b{display:block;width:100%;height:1.75rem;margin:.35rem 0}.b path{fill:none;stroke-width:24;stroke-dasharray:3 1}.b .n{stroke-width:6}.b .d{stroke-width:18}.b .m{stroke-width:18}
.f{display:flex;flex-wrap:wrap;gap:0 .6rem;align-items:center;color:var(--soft);font-size:.875rem}.f span:first-child{flex:1}
.k{width:6rem;height:1.25rem}.k path{fill:none;stroke:var(--m);stroke-width:1.5;stroke-linecap:round}
article ol{margin-top:.5rem}article li{border-top:1px solid var(--line);padding:.5rem 0}article li p{white-space:pre-line;overflow-wrap:anywhere}h3,summary{overflow-wrap:anywhere}
details{border-bottom:1px solid var(--line);padding:.5rem 0}summary{cursor:pointer;font-weight:600}details li{padding:.3rem 0}details p{white-space:pre-line;overflow-wrap:anywhere}
footer{margin-top:2.5rem;color:var(--soft);font-size:.875rem}
`.replaceAll("\n", "");
