// The plan while it is arranged: tables are dragged, or moved by the arrow keys and sized with Shift and them.
import { Button } from "@mantine/core";
import {
  IconArrowBackUp,
  IconCircle,
  IconMinus,
  IconRectangle,
  IconSettings,
  IconSquare,
} from "@tabler/icons-react";
import type { KeyboardEvent, PointerEvent } from "react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Floor, FloorArea, FloorSpot, FloorTable, TableShape } from "../api/types";
import { useKeys } from "../kit/keys";
import { useComplain } from "../kit/notify";
import { useSaveTable } from "./commands";
import { EditPane } from "./EditPane";
import styles from "./floor.module.css";
import { freeSpot, GRID_CM, moved, nextName, shapes, sized, snap, turned, usual } from "./model";
import { Plan } from "./Plan";
import { usePlacing } from "./placing";
import planStyles from "./plan.module.css";
import { TableMark } from "./TableMark";

const icons = { square: IconSquare, round: IconCircle, rectangle: IconRectangle, bar: IconMinus };
const arrows: Record<string, [number, number]> = {
  ArrowLeft: [-GRID_CM, 0],
  ArrowRight: [GRID_CM, 0],
  ArrowUp: [0, -GRID_CM],
  ArrowDown: [0, GRID_CM],
};

interface Drag {
  id: string;
  isSizing: boolean;
  from: FloorSpot;
  x: number;
  y: number;
  hasMoved: boolean;
}

export function Editor(props: {
  floor: Floor;
  area: FloorArea;
  picked: FloorTable | undefined;
  onPick: (id: string | undefined) => void;
  onArea: () => void;
}) {
  const { t } = useTranslation("floor");
  const { floor, area, picked } = props;
  const tables = floor.tables.filter((table) => table.area_id === area.id);
  const placing = usePlacing(floor.tables);
  const plan = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const complain = useComplain();
  const [fresh, setFresh] = useState<string | null>(null);
  const add = useSaveTable((table) => {
    setFresh(table.id);
    props.onPick(table.id);
  });
  const addOne = (shape: TableShape) => {
    const size = usual[shape];
    const spot = freeSpot(
      area,
      tables.map((table) => placing.spotOf(table)),
      size,
    );
    const body = { area_id: area.id, name: nextName(floor.tables), shape, seats: size.seats, spot };
    add.mutate({ id: null, ...body }, { onError: complain });
  };
  useKeys([
    { keys: "mod+z", label: t("edit.undo"), group: t("edit.title"), run: placing.takeBack },
    ...(picked === undefined
      ? []
      : [{ keys: "Escape", label: t("pane.close"), group: t("title"), run: () => props.onPick(undefined) }]),
  ]);

  // Escape while dragging puts the table back where it was saved.
  const { giveUp } = placing;
  useEffect(() => {
    if (drag === null) return undefined;
    const stop = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      giveUp(drag.id);
      setDrag(null);
    };
    window.addEventListener("keydown", stop, { capture: true });
    return () => window.removeEventListener("keydown", stop, { capture: true });
  }, [drag, giveUp]);

  const begin = (event: PointerEvent, table: FloorTable, isSizing: boolean) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    placing.rest();
    plan.current?.setPointerCapture(event.pointerId);
    setDrag({
      id: table.id,
      isSizing,
      from: placing.spotOf(table),
      x: event.clientX,
      y: event.clientY,
      hasMoved: false,
    });
    props.onPick(table.id);
  };
  const pixels = () => (plan.current?.getBoundingClientRect().width ?? 1) / area.width_cm;
  const under = (event: PointerEvent, of: Drag): FloorSpot => {
    const dx = (event.clientX - of.x) / pixels();
    const dy = (event.clientY - of.y) / pixels();
    return of.isSizing
      ? sized(of.from, area, snap(of.from.width_cm + dx), snap(of.from.height_cm + dy))
      : moved(of.from, area, snap(of.from.x_cm + dx), snap(of.from.y_cm + dy));
  };
  const move = (event: PointerEvent) => {
    if (drag === null) return;
    // A press that trembles is not a drag.
    const far = Math.abs(event.clientX - drag.x) + Math.abs(event.clientY - drag.y) > 4;
    if (!far && !drag.hasMoved) return;
    if (!drag.hasMoved) setDrag({ ...drag, hasMoved: true });
    placing.place(drag.id, under(event, drag));
  };
  const end = (event: PointerEvent) => {
    if (drag === null) return;
    if (drag.hasMoved) placing.save(drag.id, under(event, drag));
    setDrag(null);
  };
  const cancel = () => {
    if (drag === null) return;
    placing.giveUp(drag.id);
    setDrag(null);
  };
  const press = (event: KeyboardEvent, table: FloorTable) => {
    const by = arrows[event.key];
    const spot = placing.spotOf(table);
    if (by !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      const [dx, dy] = by;
      const next = event.shiftKey
        ? sized(spot, area, spot.width_cm + dx, spot.height_cm + dy)
        : moved(spot, area, spot.x_cm + dx, spot.y_cm + dy);
      placing.nudge(table.id, next);
    } else if (event.key.toLowerCase() === "r" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      placing.nudge(table.id, turned(spot, event.shiftKey ? -45 : 45));
    } else if (event.key === "Escape" && placing.giveUp(table.id)) {
      event.preventDefault();
    }
  };

  return (
    <>
      <div className={styles.main}>
        <div className={styles.tools} role="toolbar" aria-label={t("edit.title")}>
          <span className={styles.toolsLabel} aria-hidden>
            {t("edit.addLabel")}
          </span>
          {shapes.map((shape) => {
            const Icon = icons[shape];
            return (
              <Button
                key={shape}
                variant="default"
                className={styles.touch}
                aria-label={t(`edit.add.${shape}`)}
                leftSection={<Icon size={16} stroke={1.8} />}
                loading={add.isPending && add.variables.shape === shape}
                onClick={() => addOne(shape)}
              >
                {t(`shape.${shape}`)}
              </Button>
            );
          })}
          <span className={styles.grow} />
          <Button
            variant="subtle"
            color="gray"
            className={styles.touch}
            leftSection={<IconArrowBackUp size={17} />}
            disabled={!placing.canTakeBack}
            onClick={placing.takeBack}
          >
            {t("edit.undo")}
          </Button>
          <Button
            variant="subtle"
            color="gray"
            className={styles.touch}
            leftSection={<IconSettings size={17} />}
            onClick={props.onArea}
          >
            {t("edit.area")}
          </Button>
        </div>
        <Plan
          area={area}
          label={t("plan.label", { name: area.name })}
          isEditing
          ref={plan}
          onPointerMove={move}
          onPointerUp={end}
          onPointerCancel={cancel}
        >
          {tables.map((table) => (
            <TableMark
              key={table.id}
              table={table}
              now={0}
              plain
              spot={placing.spotOf(table)}
              isOn={table.id === picked?.id}
              onPick={() => props.onPick(table.id)}
              onKeyDown={(event) => press(event, table)}
              onPointerDown={(event) => begin(event, table, false)}
              onBlur={placing.rest}
            >
              {table.id === picked?.id && (
                <span
                  className={planStyles.handle}
                  aria-hidden
                  onPointerDown={(event) => begin(event, table, true)}
                />
              )}
            </TableMark>
          ))}
        </Plan>
        <p className={styles.hint}>{t("edit.hint")}</p>
      </div>
      {picked !== undefined && (
        <EditPane
          key={picked.id}
          table={picked}
          floor={floor}
          spot={placing.spotOf(picked)}
          isNew={fresh === picked.id}
          onSpot={(spot) => placing.save(picked.id, spot)}
          onClose={() => props.onPick(undefined)}
        />
      )}
    </>
  );
}
