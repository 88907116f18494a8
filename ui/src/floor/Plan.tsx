// An area to scale. One centimetre is `--cm`: as large as the room on screen allows, never so small that a table
// cannot be touched; then the plan scrolls.
import type { CSSProperties, PointerEvent, ReactNode, Ref } from "react";
import type { FloorArea } from "../api/types";
import styles from "./plan.module.css";

interface Props {
  area: FloorArea;
  label: string;
  isEditing?: boolean;
  ref?: Ref<HTMLDivElement>;
  onPointerMove?: (event: PointerEvent) => void;
  onPointerUp?: (event: PointerEvent) => void;
  onPointerCancel?: (event: PointerEvent) => void;
  children: ReactNode;
}

export function Plan({ area, label, isEditing, ref, children, ...pointer }: Props) {
  return (
    <div className={styles.room}>
      <div
        ref={ref}
        className={styles.plan}
        style={{ "--w": area.width_cm, "--h": area.height_cm } as CSSProperties}
        data-editing={isEditing === true ? "" : undefined}
        role="group"
        aria-label={label}
        {...pointer}
      >
        {children}
      </div>
    </div>
  );
}
