import { style as shared } from "../../status/page/style.js";

/** The look of the status page, and what only those who operate need. */
export const style = `${shared}
body{max-width:60rem}nav{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:baseline;margin-bottom:1.2rem}nav b{flex:1}
h1{margin:.2rem 0 .6rem;overflow-wrap:anywhere}h2{overflow-wrap:anywhere}h2 a{color:inherit}
.n{color:var(--soft)}.soft a,.row a{overflow-wrap:anywhere}
section,.card{overflow-wrap:anywhere}
.card{border:1px solid var(--line);border-radius:.5rem;padding:.9rem 1rem;margin-bottom:.8rem}.card h2{margin:0 0 .3rem}.card p{margin-top:.25rem}.card .do{margin-top:.7rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:.8rem;margin-top:1rem}.cards .card{margin:0}
.row{border-top:1px solid var(--line);padding:.6rem 0;display:grid;grid-template-columns:1fr auto;gap:.1rem 1rem}.row>*{grid-column:1/-1}.row>.t{grid-column:1}.row>.s{grid-column:2;grid-row:1;text-align:right}
.t{font-weight:600}.bad{color:var(--x)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.6rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere;min-width:0}
.chips{display:flex;flex-wrap:wrap;gap:.4rem;margin:.8rem 0}.chips a,.chips span{padding:.3rem .7rem;border:1px solid var(--line);border-radius:1rem;text-decoration:none}.chips [aria-current]{background:var(--card);font-weight:600;border-color:currentColor}
form{margin-top:.6rem}label{display:block;font-size:.875rem;color:var(--soft)}textarea,input,select{font:inherit;width:100%;padding:.4rem .5rem;border:1px solid var(--soft);border-radius:.3rem;background:var(--bg);color:var(--fg)}
button,.button{display:inline-block;font:inherit;font-weight:600;padding:.5rem 1rem;margin:.5rem .5rem 0 0;border-radius:.4rem;border:1px solid currentColor;background:var(--bg);color:var(--m);cursor:pointer;text-decoration:none}
button.go{background:var(--m);color:var(--bg);border-color:var(--m)}button.stop{background:var(--x);color:var(--bg);border-color:var(--x)}.button.back{color:var(--x)}
.ask{border:2px solid var(--d);border-radius:.5rem;padding:.9rem 1rem;margin:1rem 0}.ask h2{margin:0}
.ask ul,.plain{list-style:disc;padding-left:1.2rem}
progress{width:100%;height:.6rem;accent-color:var(--m)}
.log{font:.8125rem/1.5 ui-monospace,monospace;background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem}.log li{white-space:pre-wrap;overflow-wrap:anywhere}.log .w{color:var(--d)}.log .e{color:var(--x)}
code{font:.875em ui-monospace,monospace;overflow-wrap:anywhere}
@media(max-width:30rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}}
`.replaceAll("\n", "");
