// Every text of this language, gathered by folder: a new feature adds its JSON and no line here.
const files = import.meta.glob<object>("../locales/en/*.json", { eager: true, import: "default" });

export const words: Record<string, object> = Object.fromEntries(
  Object.entries(files).map(([path, texts]) => [path.replace(/^.*\/(.*)\.json$/, "$1"), texts]),
);
