// Bones of real layouts, so that nothing jumps when the figures come.
import styles from "./kit.module.css";
import { PageBody } from "./Page";

export function Bone(props: { w?: number | string; h?: number; r?: string }) {
  return (
    <div
      className={styles.bone}
      style={{ width: props.w ?? "100%", height: props.h ?? 14, borderRadius: props.r ?? "var(--r-s)" }}
    />
  );
}

export function SkeletonHead() {
  return (
    <header className={styles.head}>
      <div className={styles.headText}>
        <Bone w={140} h={24} />
        <div style={{ height: 8 }} />
        <Bone w={320} h={12} />
      </div>
    </header>
  );
}

export function SkeletonRows(props: { rows?: number }) {
  return (
    <div className={styles.panel} style={{ display: "grid", gap: "var(--s4)" }}>
      {Array.from({ length: props.rows ?? 6 }, (_, row) => (
        <div key={row} style={{ display: "flex", gap: "var(--s4)", alignItems: "center" }}>
          <Bone w={`${34 + ((row * 17) % 30)}%`} />
          <span style={{ flex: 1 }} />
          <Bone w={64} />
        </div>
      ))}
    </div>
  );
}

export function SkeletonStats(props: { count?: number }) {
  return (
    <div className={styles.stats}>
      {Array.from({ length: props.count ?? 4 }, (_, index) => (
        <div key={index} className={styles.stat} style={{ display: "grid", gap: "var(--s2)" }}>
          <Bone w="50%" h={12} />
          <Bone w="70%" h={24} />
          <Bone w="60%" h={12} />
        </div>
      ))}
    </div>
  );
}

export function SkeletonPage(props: { rows?: number }) {
  return (
    <>
      <SkeletonHead />
      <PageBody>
        <SkeletonRows rows={props.rows ?? 8} />
      </PageBody>
    </>
  );
}
