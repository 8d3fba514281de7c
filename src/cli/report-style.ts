/** The style sheet of the report: dark on screens, light on paper, one column on a phone. */
export const REPORT_STYLE = `
:root{--page:#0f1216;--card:#171b21;--edge:#262c35;--text:#eceef1;--soft:#98a2b0;--grid:#232932;
--before:#7f8da3;--after:#f0a04b;--target:#57c98f;--limiter:#ef6a62;--good:#57c98f;--fair:#f0c24b;
--b1:#6aa5ff;--b2:#45c8c2;--b3:#b58cff;--b4:#e58fc4;color-scheme:dark}
*{box-sizing:border-box;margin:0}
body{background:var(--page);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
-webkit-text-size-adjust:100%;font-variant-numeric:tabular-nums}
main{max-width:1120px;margin:0 auto;padding:28px 16px 40px}
.brand{display:flex;justify-content:space-between;gap:16px;color:var(--soft);font-size:14px}
.brand b{color:var(--after);font-weight:600;letter-spacing:.02em}
h1{font-size:clamp(24px,5vw,36px);line-height:1.2;margin:14px 0 4px;font-weight:650;overflow-wrap:anywhere}
h2{font-size:17px;font-weight:600}
.files{color:var(--soft);font-size:14px;overflow-wrap:anywhere}
.chips{display:flex;flex-wrap:wrap;gap:8px;margin:16px 0 0;padding:0;list-style:none}
.chips li{border:1px solid var(--edge);border-radius:999px;padding:3px 12px;font-size:14px;background:var(--card)}
.chips span{color:var(--soft);margin-right:6px}
.outcome{margin:20px 0;padding:12px 16px;border-radius:10px;background:var(--card);border-left:4px solid var(--fair)}
.outcome.good{border-left-color:var(--good)}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;margin-bottom:14px}
.tile,.card{background:var(--card);border:1px solid var(--edge);border-radius:12px;padding:16px}
.tile h2{font-size:14px;font-weight:500;color:var(--soft)}
.tile p{font-size:30px;line-height:1.25;font-weight:650;white-space:nowrap}
.tile p small{font-size:14px;font-weight:500;color:var(--soft);margin-left:5px}
.tile div{font-size:14px;color:var(--soft)}
.small .tile{padding:12px 16px}.small .tile p{font-size:21px}
.grid2{display:grid;grid-template-columns:3fr 2fr;gap:14px;align-items:stretch}
.card{margin-bottom:14px;min-width:0}
table{width:100%;border-collapse:collapse;font-size:15px;margin-top:8px}
th,td{padding:7px 0 7px 12px;text-align:right;border-top:1px solid var(--edge);font-weight:400;white-space:nowrap}
thead th{border-top:0;color:var(--soft);font-size:13px}
th:first-child,td:first-child{text-align:left;padding-left:0;white-space:normal}
tbody th small{color:var(--soft);font-size:13px;margin-left:5px}
td.now{font-weight:600}
td.soft,.soft{color:var(--soft)}
td.range{white-space:normal}
.outcome p+p{margin-top:4px}
figcaption{margin-bottom:12px}
figcaption p{color:var(--soft);font-size:14px}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none;padding:0;margin-top:6px;font-size:14px}
.legend i{display:inline-block;width:16px;height:3px;border-radius:2px;margin-right:7px;vertical-align:middle;background:currentColor}
.plot{display:grid;grid-template-columns:34px 1fr;grid-template-rows:270px 24px}
.low .plot{grid-template-rows:180px 24px}
.y,.x,.area-box{position:relative}
.x{grid-column:2}
.y span,.x span{position:absolute;font-size:12px;line-height:1;color:var(--soft);white-space:nowrap}
.y span{right:8px;transform:translateY(-50%)}
.y .start{transform:none}.y .end{transform:translateY(-100%)}
.x span{top:8px;transform:translateX(-50%)}
.x .start{transform:none}.x .end{transform:translateX(-100%)}
.area-box svg{position:absolute;inset:0;width:100%;height:100%;display:block;overflow:hidden}
svg path{vector-effect:non-scaling-stroke;fill:none;stroke:currentColor;stroke-linejoin:round;stroke-linecap:round}
svg .grid{stroke:var(--grid);stroke-width:1}
svg .line{stroke-width:2}
svg .faint{stroke-width:1;opacity:.38}
svg .area{fill:currentColor;fill-opacity:.22;stroke-width:1;stroke-opacity:.5}
svg .target{stroke-width:1.5;stroke-dasharray:6 5}
svg .zero{color:var(--soft);stroke-width:1}
.before{color:var(--before)}.after{color:var(--after)}.target{color:var(--target)}.limiter{color:var(--limiter)}
.compressor{color:var(--after)}.band1{color:var(--b1)}.band2{color:var(--b2)}.band3{color:var(--b3)}.band4{color:var(--b4)}
footer{color:var(--soft);font-size:13px;margin-top:22px}
@media (max-width:720px){
.tiles{grid-template-columns:1fr 1fr;gap:10px}.tile{padding:12px 14px}.tile p{font-size:25px}
.grid2{grid-template-columns:1fr;gap:0}.card{padding:14px}.minor{display:none}
table{font-size:14px}th,td{padding-left:8px}.plot{grid-template-rows:220px 24px}
tbody th small{display:block;margin:0;line-height:1.2}}
@media print{
:root{--page:#fff;--card:#fff;--edge:#d5d9df;--text:#14171b;--soft:#5b6572;--grid:#e6e9ed;--before:#8693a5;--after:#c4690b;
--target:#1d8a54;--limiter:#c9362d;--good:#1d8a54;--fair:#b98a00;color-scheme:light}
body{font-size:13px;-webkit-print-color-adjust:exact;print-color-adjust:exact}
main{max-width:none;padding:0}.card,.tile,.outcome{break-inside:avoid}
.plot{grid-template-rows:200px 24px}.low .plot{grid-template-rows:130px 24px}}
`;
