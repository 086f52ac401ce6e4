// Reads zones with the npm package mrz-detection: a file a line in, a JSON object a line out.
const { getMrz, readMrz } = require("mrz-detection");
const { Image } = require("image-js");

async function main() {
  const files = require("node:fs").readFileSync(0, "utf8").split("\n").filter(Boolean);
  for (const file of files) {
    const begun = process.cpuUsage();
    let text = null;
    try {
      const found = await readMrz(getMrz(await Image.load(file)));
      text = found.mrz.join("\n");
    } catch {
      // It says nothing about pictures in which it finds nothing.
    }
    const used = process.cpuUsage(begun);
    const milliseconds = (used.user + used.system) / 1000;
    console.log(JSON.stringify({ file, text, milliseconds, kibibytes: process.resourceUsage().maxRSS }));
  }
}
main();
