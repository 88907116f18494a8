import { Hero } from "../kit/Hero";
import { PageBody } from "../kit/Page";
import { Bone, SkeletonHead, SkeletonRows, SkeletonStats } from "../kit/Skeletons";
import styles from "./today.module.css";

export function TodaySkeleton() {
  return (
    <>
      <SkeletonHead />
      <PageBody>
        <Hero
          sum={
            <>
              <Bone w={80} h={12} />
              <Bone w={190} h={40} />
              <Bone w={150} h={22} />
            </>
          }
        >
          <Bone h={200} />
        </Hero>
        <SkeletonStats />
        <div className={styles.three}>
          <SkeletonRows rows={7} />
          <SkeletonRows rows={7} />
          <SkeletonRows rows={5} />
        </div>
      </PageBody>
    </>
  );
}
