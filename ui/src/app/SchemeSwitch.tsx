// Light, dark, or as the computer says. Stored on this device.
import { SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function SchemeSwitch() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("scheme.label")}
      value={colorScheme}
      onChange={(scheme) => setColorScheme(scheme as typeof colorScheme)}
      data={(["auto", "light", "dark"] as const).map((scheme) => ({
        value: scheme,
        label: t(`scheme.${scheme}`),
      }))}
    />
  );
}
