// A key that came back from a backup opens again when somebody says that it is still wanted.
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { say } from "../kit/notify";
import type { ApiKey } from "./queries";

export function Resume({ of }: { of: ApiKey }) {
  const { t } = useTranslation("api-keys");
  const rid = useRestaurantId();
  const errorText = useErrorText();
  const client = useQueryClient();
  const resume = useCommand({
    name: "api-keys.resume",
    run: (key_id: string, key) =>
      ask<ApiKey>(
        api.POST("/api/v1/restaurants/{rid}/api-keys/{key_id}/resume", {
          params: { path: { rid, key_id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: () => {
      say(t("resume.done", { name: of.name }));
      void client.invalidateQueries({ queryKey: ["api-keys", rid] });
    },
    onFailed: (error) => say(errorText(error).short),
  });
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      loading={resume.isPending}
      aria-label={t("resume.one", { name: of.name })}
      onClick={() => resume.mutate(of.id)}
    >
      {t("resume.use")}
    </Button>
  );
}
