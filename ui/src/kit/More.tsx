// The next page of a list, while there is one.
import { Button } from "@mantine/core";
import type { ReactNode } from "react";

export function More(props: {
  of: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
  children: ReactNode;
}) {
  const { of } = props;
  if (!of.hasNextPage) return null;
  return (
    <Button variant="default" mt="md" loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
      {props.children}
    </Button>
  );
}
