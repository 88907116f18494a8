import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

const features = [
  "first-run",
  "login",
  "second-factor",
  "today",
  "orders",
  "kitchen",
  "tables",
  "menu",
  "till",
  "staff",
  "imports",
  "inbox",
  "audit",
  "rewind",
  "tasks",
  "clock",
  "settings",
  "api-keys",
];

const onlyDesktop = {
  group: ["@tauri-apps/*", "@tauri-apps/**"],
  message: "Only src/desktop.ts talks to the window.",
};

// A feature may use the kit, the API and the app's hooks; of another feature only its queries.ts.
const fences = features.map((feature) => ({
  files: [`src/${feature}/**/*.{ts,tsx}`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          onlyDesktop,
          ...features
            .filter((other) => other !== feature)
            .map((other) => ({
              group: [`../${other}/*`, `!../${other}/queries`, `../../${other}/*`],
              message: "A feature never imports another feature's components; its queries.ts may be shared.",
            })),
        ],
      },
    ],
  },
}));

export default ts.config(
  { ignores: ["dist", "src/api/schema.d.ts", "public"] },
  js.configs.recommended,
  ...ts.configs.strict,
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { "react-hooks": hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      // Speaks of the React compiler, which is not used here.
      "react-hooks/incompatible-library": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "error",
      "no-restricted-imports": ["error", { patterns: [onlyDesktop] }],
    },
  },
  ...fences,
  { files: ["src/desktop.ts"], rules: { "no-restricted-imports": "off" } },
);
