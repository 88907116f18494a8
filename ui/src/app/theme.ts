// Maps Mantine's theme onto tokens.css, so that tokens stay the only source of colours, spaces and radii.
// Every colour handed to Mantine is a role of the tokens; light and dark come from there alone.
import {
  Button,
  createTheme,
  type CSSVariablesResolver,
  localStorageColorSchemeManager,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";
import i18next from "i18next";

/** Also read by public/scheme.js before the first paint. */
export const schemeManager = localStorageColorSchemeManager({ key: "comanda.scheme" });

const role = (name: string): MantineColorsTuple => {
  const soft = `var(--${name}-soft)`;
  const full = `var(--${name})`;
  return [soft, soft, soft, soft, full, full, full, full, full, full];
};

const neutral: MantineColorsTuple = [
  "var(--sunken)",
  "var(--sunken)",
  "var(--border)",
  "var(--border)",
  "var(--border-strong)",
  "var(--text-3)",
  "var(--text-2)",
  "var(--text-2)",
  "var(--text)",
  "var(--text)",
];

const night: MantineColorsTuple = [
  "var(--text)",
  "var(--text-2)",
  "var(--text-2)",
  "var(--text-3)",
  "var(--border-strong)",
  "var(--raised)",
  "var(--surface)",
  "var(--bg)",
  "var(--sunken)",
  "var(--sunken)",
];

/** What a button looks like, by the role it plays: accent for the one next step, bad for what cannot be undone. */
const variants: VariantColorsResolver = ({ color, variant }) => {
  const name = color === "red" ? "bad" : (color ?? "accent");
  const none = "1px solid transparent";
  switch (variant) {
    case "filled":
      return {
        background: `var(--${name})`,
        hover: name === "accent" ? "var(--accent-strong)" : `var(--${name})`,
        color: name === "bad" ? "var(--on-bad)" : "var(--on-accent)",
        border: none,
      };
    case "light":
      return {
        background: `var(--${name}-soft)`,
        hover: `var(--${name}-soft)`,
        color: `var(--${name})`,
        border: none,
      };
    case "outline":
      return {
        background: "transparent",
        hover: `var(--${name}-soft)`,
        color: `var(--${name})`,
        border: "1px solid var(--border-strong)",
      };
    case "subtle":
    case "transparent":
      return {
        background: "transparent",
        hover: variant === "subtle" ? "var(--sunken)" : "transparent",
        color: name === "gray" ? "var(--text-2)" : `var(--${name})`,
        border: none,
      };
    default:
      return {
        background: "transparent",
        hover: "var(--sunken)",
        color: "var(--text)",
        border: "1px solid var(--border-strong)",
      };
  }
};

/** The cross of a dialog is a picture: its name is in the language of the moment. */
const closeName = () => ({ "aria-label": i18next.t("action.close") });

export const theme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  headings: { fontFamily: "var(--font)", fontWeight: "620" },
  fontSizes: { xs: "var(--t-xs)", sm: "var(--t-s)", md: "var(--t-m)", lg: "var(--t-l)", xl: "var(--t-xl)" },
  spacing: { xs: "var(--s1)", sm: "var(--s2)", md: "var(--s3)", lg: "var(--s4)", xl: "var(--s5)" },
  radius: { xs: "4px", sm: "var(--r-s)", md: "8px", lg: "var(--r-m)", xl: "var(--r-l)" },
  shadows: { xs: "none", sm: "var(--shadow)", md: "var(--shadow)", lg: "var(--shadow)", xl: "var(--shadow)" },
  defaultRadius: "md",
  primaryColor: "accent",
  primaryShade: 6,
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  white: "var(--surface)",
  black: "var(--text)",
  colors: {
    accent: role("accent"),
    ok: role("ok"),
    warn: role("warn"),
    bad: role("bad"),
    red: role("bad"),
    info: role("info"),
    gray: neutral,
    dark: night,
  },
  variantColorResolver: variants,
  components: {
    Button: Button.extend({ defaultProps: { size: "sm" } }),
    // Mantine writes it black on its tint, in the dark too.
    Alert: { styles: { message: { color: "var(--text)" } } },
    Modal: {
      defaultProps: () => ({
        closeButtonProps: closeName(),
        centered: true,
        radius: "xl",
        transitionProps: { transition: "pop", duration: 120 },
        overlayProps: { color: "var(--veil)", backgroundOpacity: 1 },
      }),
    },
    Drawer: { defaultProps: () => ({ closeButtonProps: closeName() }) },
    // What a field means stands below it, so that fields side by side keep one line.
    InputWrapper: { defaultProps: { inputWrapperOrder: ["label", "input", "description", "error"] } },
    TextInput: { defaultProps: { size: "sm" } },
    Select: { defaultProps: { size: "sm", checkIconPosition: "right" } },
    PasswordInput: { defaultProps: { size: "sm" } },
    NumberInput: { defaultProps: { size: "sm", allowedDecimalSeparators: [".", ","] } },
  },
});

const roles = {
  "--mantine-color-body": "var(--bg)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-bright": "var(--text)",
  "--mantine-color-dimmed": "var(--text-2)",
  "--mantine-color-placeholder": "var(--text-3)",
  "--mantine-color-anchor": "var(--accent)",
  "--mantine-color-error": "var(--bad)",
  "--mantine-color-success": "var(--ok)",
  "--mantine-color-default": "var(--surface)",
  "--mantine-color-default-hover": "var(--sunken)",
  "--mantine-color-default-color": "var(--text)",
  "--mantine-color-default-border": "var(--border-strong)",
  "--mantine-color-disabled": "var(--sunken)",
  "--mantine-color-disabled-color": "var(--text-3)",
  "--mantine-color-disabled-border": "var(--border)",
  "--mantine-primary-color-contrast": "var(--on-accent)",
  ...Object.fromEntries(
    ["accent", "ok", "warn", "bad", "red", "info"].flatMap((name) => {
      const token = name === "red" ? "bad" : name;
      return [
        [`--mantine-color-${name}-text`, `var(--${token})`],
        [`--mantine-color-${name}-filled`, `var(--${token})`],
        [`--mantine-color-${name}-filled-hover`, `var(--${token})`],
        [`--mantine-color-${name}-light`, `var(--${token}-soft)`],
        [`--mantine-color-${name}-light-hover`, `var(--${token}-soft)`],
        [`--mantine-color-${name}-light-color`, `var(--${token})`],
        [`--mantine-color-${name}-outline`, `var(--${token})`],
      ];
    }),
  ),
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: roles, dark: roles });
