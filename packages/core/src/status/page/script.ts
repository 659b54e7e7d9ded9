/**
 * Keeps the page up to date: told by server-sent events, and by looking once a minute where it is not. It replaces what has changed by what the server renders, leaves open what is open, and keeps the focus.
 */
export const script = `(()=>{
const main=()=>document.getElementById("main");
const load=async()=>{try{
const r=await fetch(location.pathname,{cache:"no-cache"});if(!r.ok)return;
const d=new DOMParser().parseFromString(await r.text(),"text/html"),n=d.getElementById("main"),o=main();
if(!n||n.dataset.version===o.dataset.version)return;
for(const e of o.querySelectorAll("details[open]")){const s=d.getElementById(e.id);if(s)s.open=true}
const f=document.activeElement&&document.activeElement.id;
document.title=d.title;o.replaceWith(document.adoptNode(n));
if(f&&document.getElementById(f))document.getElementById(f).focus();
}catch{}};
if(main().dataset.live&&window.EventSource)new EventSource(location.pathname.replace(/\\/$/,"")+"/events").addEventListener("status",e=>{if(e.lastEventId!==main().dataset.version)load()});
setInterval(load,60000);
})()`.replaceAll("\n", "");
