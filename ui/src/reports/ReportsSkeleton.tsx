import { Hero } from "../kit/Hero";
import { PageBody } from "../kit/Page";
import { Bone, SkeletonHead, SkeletonRows, SkeletonStats } from "../kit/Skeletons";

export function ReportsSkeleton(props: { bodyOnly?: boolean }) {
  return (
    <>
      {props.bodyOnly !== true && <SkeletonHead />}
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
          <Bone h={220} />
        </Hero>
        <SkeletonStats count={6} />
        <SkeletonRows rows={8} />
      </PageBody>
    </>
  );
}
