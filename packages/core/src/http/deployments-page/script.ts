/**
 * Keeps the page up to date: told by server-sent events where it is about one deployment, and by looking now and then. It replaces the parts that have changed by what the server renders, leaves open what is
 * open, keeps the focus, and never takes from somebody what they are writing.
 */
export const script = `(()=>{
const main=document.getElementById("main"),{events,every}=main.dataset;let timer=0;
const isWritten=e=>[...e.querySelectorAll("textarea,input:not([type=hidden])")].some(i=>i===document.activeElement||i.value!==i.defaultValue);
const load=async()=>{timer=0;try{
const r=await fetch(location.href,{cache:"no-store"});if(!r.ok)return;
const d=new DOMParser().parseFromString(await r.text(),"text/html");
for(const n of d.querySelectorAll("[data-part]")){const o=document.getElementById(n.id);
if(!o||o.dataset.part===n.dataset.part||isWritten(o))continue;
for(const e of o.querySelectorAll("details[open]")){const s=e.id&&n.querySelector("#"+CSS.escape(e.id));if(s)s.open=true}
const f=o.contains(document.activeElement)&&document.activeElement.id;
o.replaceChildren(...n.childNodes);o.dataset.part=n.dataset.part;
if(f&&document.getElementById(f))document.getElementById(f).focus()}
document.title=d.title;
}catch{}};
const soon=()=>{timer=timer||setTimeout(load,700)};
if(events&&window.EventSource){const s=new EventSource(events);
s.onmessage=soon;s.addEventListener("log",soon);s.addEventListener("end",()=>{s.close();soon()})}
if(every)setInterval(load,every*1000);
})()`.replaceAll("\n", "");
