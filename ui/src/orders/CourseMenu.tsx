// Which course a held line goes with: chosen in its menu, for as long as it is not in the kitchen.
import { Menu } from "@mantine/core";
import { IconStairs } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Line, Order } from "../api/types";
import { useSetCourse } from "./commands";
import { COURSE_PRESSED_MAX } from "./lines";

const courses = [null, ...Array.from({ length: COURSE_PRESSED_MAX }, (_, at) => at + 1)];

export function CourseMenu(props: { order: Order; line: Line }) {
  const { t } = useTranslation("orders");
  const set = useSetCourse();
  const { order, line } = props;
  return (
    <Menu.Sub>
      <Menu.Sub.Target>
        <Menu.Sub.Item leftSection={<IconStairs size={16} />}>{t("draft.courseLabel")}</Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown>
        {courses.map((course) => (
          <Menu.Item
            key={course ?? 0}
            disabled={course === (line.course ?? null)}
            onClick={() => set.mutate({ id: order.id, line_ids: [line.id], course })}
          >
            {course === null ? t("draft.courseNone") : t("lines.course", { course })}
          </Menu.Item>
        ))}
      </Menu.Sub.Dropdown>
    </Menu.Sub>
  );
}
