import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import typescript from "typescript-eslint";

// Only hooks in lib call the server: components know neither paths nor keys of the cache.
const calls = [
  { name: "@tanstack/react-query", message: "Write a hook for the call in lib." },
  { name: "@/lib/SessionProvider", importNames: ["useSession"], message: "Write a hook for the call in lib, or use usePerson." },
  { name: "@/lib/api", importNames: ["request", "jsonOf", "queryOf"], message: "Write a hook for the call in lib." },
];

// Which folder of src/ may import which: app -> features -> components -> lib, and no feature another. Imports from another folder
// begin with `@/`, which is src/.
const boundary = (folder, forbidden, message) => ({
  files: [`src/${folder}/**`],
  rules: {
    "no-restricted-imports": ["error", { ...(folder === "lib" ? {} : { paths: calls }), patterns: [{ regex: forbidden, message }] }],
    ...(folder === "lib" ? {} : { "no-restricted-syntax": ["error", { selector: "MemberExpression[object.name='session'][property.name=/^(call|request|page)$/]", message: "Write a hook for the call in lib." }] }),
  },
});

export default typescript.config(
  { ignores: ["dist", "src/lib/asyncapi.ts", "src/lib/openapi.ts", "src/lib/requests.ts"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  typescript.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  { files: ["*.js", "scripts/*.js"], ...typescript.configs.disableTypeChecked },
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": hooks, "jsx-a11y": a11y },
    rules: { ...hooks.configs.recommended.rules, "react-hooks/exhaustive-deps": "error", ...a11y.flatConfigs.recommended.rules },
  },
  { files: ["src/**/*.test.ts"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
  boundary("lib", "^@/(app|features|components)/", "lib imports nothing above it."),
  boundary("app", "^\\.\\./", "Imports from another folder begin with `@/`."),
  boundary("components", "^@/(app|features)/", "components import from lib only."),
  boundary("features", "^@/(app|features)/|^\\.\\./(?!.*/docs/)", "A feature imports from components and lib only."),
);
