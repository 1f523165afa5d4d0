import fs from 'fs'; const d='/tmp/feed/prof2/'; const f=fs.readdirSync(d).map(x=>d+x).pop();const p=JSON.parse(fs.readFileSync(f));
const self={};const dt=p.timeDeltas;const idx={};p.nodes.forEach(n=>idx[n.id]=n);
p.samples.forEach((s,i)=>{const n=idx[s];const k=n.callFrame.functionName+' '+n.callFrame.url.split('/').slice(-2).join('/')+':'+n.callFrame.lineNumber;self[k]=(self[k]||0)+dt[i]});
delete self['(idle) :-1'];
const tot=Object.values(self).reduce((a,b)=>a+b,0);Object.entries(self).sort((a,b)=>b[1]-a[1]).slice(0,32).forEach(([k,v])=>console.log((v/tot*100).toFixed(1)+'%',k));
