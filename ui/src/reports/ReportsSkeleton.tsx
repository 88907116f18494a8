import { PageBody } from "../kit/Page";
import { Bone, SkeletonHead, SkeletonRows, SkeletonStats } from "../kit/Skeletons";
import styles from "./reports.module.css";

export function ReportsSkeleton(props: { bodyOnly?: boolean }) {
  return (
    <>
      {props.bodyOnly !== true && <SkeletonHead />}
      <PageBody>
        <div className={styles.hero}>
          <div className={styles.sum}>
            <Bone w={80} h={12} />
            <Bone w={190} h={40} />
            <Bone w={150} h={22} />
          </div>
          <Bone h={220} />
        </div>
        <SkeletonStats count={6} />
        <SkeletonRows rows={8} />
      </PageBody>
    </>
  );
}
