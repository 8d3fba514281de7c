/** Throws unless a page is well-formed: every element closed in its order, attributes quoted and unique, entities known. */
export function requireWellFormed(page: string): void {
  const open: string[] = [];
  const body = page.replace(/^<!DOCTYPE html>\n/, "");
  const token = /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)|(<)/g;
  for (const [whole, closing, name = "", attributes = "", empty, text, stray] of body.matchAll(token)) {
    if (stray !== undefined) throw new Error(`A stray "<" in ${open.join(" > ")}.`);
    if (/&(?!(amp|lt|gt|quot|#39);)/.test(text ?? attributes)) throw new Error(`A bare "&": ${whole}`);
    if (text !== undefined) continue;
    const names = [...attributes.matchAll(/\s([a-zA-Z:-]+)=/g)].map((match) => match[1]);
    if (new Set(names).size !== names.length) throw new Error(`A repeated attribute: ${whole}`);
    if (closing === "/") {
      const last = open.pop();
      if (last !== name) throw new Error(`</${name}> closes <${String(last)}>.`);
    } else if (empty !== "/") {
      open.push(name);
    }
  }
  if (open.length > 0) throw new Error(`Not closed: ${open.join(", ")}.`);
}
