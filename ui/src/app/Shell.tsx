// The frame around every page: rail, top bar, live line, keys. Shows pages only once the person, the restaurant
// and what they may do there are known.
import { Outlet, useNavigate, useRouter, useRouterState } from "@tanstack/react-router";
import { QueryClientProvider, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../api/errors";
import { closeLive, openLive } from "../api/live";
import { type Place, PlaceContext } from "../kit/format";
import { useKeys } from "../kit/keys";
import { keepTyped, takeTyped } from "../kit/typed-ahead";
import { SkeletonPage } from "../kit/Skeletons";
import { ErrorState, NoPermission } from "../kit/States";
import { EmptyState } from "../kit/States";
import { IconBuildingStore } from "@tabler/icons-react";
import { takeArrival, useIdleLock, useLock, useNoticeLock } from "./at-till";
import { BottomBar } from "./BottomBar";
import { LockScreen } from "./LockScreen";
import { usePages } from "./pages";
import { PastBar } from "./PastBar";
import { meQuery, restaurantQuery } from "./queries";
import { backToWork, usePractice } from "./practice";
import { PracticeBar } from "./PracticeBar";
import { isMissing, useGone } from "./presence";
import { healsAfterMs, isAskedAgainThere, makePastClient } from "./queryClient";
import { Rail } from "./Rail";
import { comeBack, useRewound } from "./rewound";
import { takeFirstPage } from "./first-page";
import { chooseRestaurant, useSession } from "./session";
import styles from "./shell.module.css";
import { TopBar } from "./TopBar";
import { CallToast } from "../floor/CallToast";
import { AlarmStrip } from "../printing/AlarmStrip";
import { SpareOffer, SpareStrip } from "../sync/SpareOffer";
import { UpdateNotice } from "../updates/UpdateNotice";
import { ClockStrip } from "../wall-clock/ClockStrip";

const loadSearch = () => import("./Search");
const loadKeyMap = () => import("./KeyMap");
const Rescue = lazy(async () => ({ default: (await import("../backups/Rescue")).Rescue }));
const loadSwitch = () => import("./SwitchPerson");
const Search = lazy(loadSearch);
const KeyMap = lazy(loadKeyMap);
const SwitchPerson = lazy(loadSwitch);
const OwnPin = lazy(() => import("./OwnPin"));
const BeginPractice = lazy(() => import("./BeginPractice"));

export function Shell() {
  const { t } = useTranslation();
  const session = useSession();
  const wanted = session?.restaurantId ?? null;
  const me = useQuery({
    ...meQuery,
    enabled: session !== null,
    refetchInterval: (query) => (isMissing(query.state.data, wanted) ? LOOK_AGAIN_MS : healsAfterMs(query)),
  });
  const first = me.data?.restaurants[0]?.id;
  const isAway = wanted !== null && isMissing(me.data, wanted);
  const isGone = useGone(isAway);
  const known =
    (isAway && !isGone) || (me.data?.restaurants.some((restaurant) => restaurant.id === wanted) ?? true);

  useEffect(() => {
    if (first !== undefined && (session?.restaurantId === null || !known)) chooseRestaurant(first);
  }, [first, known, session?.restaurantId]);

  const rid = known ? (session?.restaurantId ?? "") : "";
  const locked = me.data?.locked === true;
  const moment = useRewound();
  const practisesAt = usePractice();
  // Another restaurant or nobody at all: practice was at this restaurant, for this device.
  useEffect(() => {
    if (practisesAt !== null && (session === null || (rid !== "" && practisesAt !== rid))) backToWork();
  }, [practisesAt, rid, session]);

  const restaurant = useQuery({
    ...restaurantQuery(rid),
    retry: isAskedAgainThere,
    // In the past this would be answered with the restaurant as it was.
    enabled: rid !== "" && me.data !== undefined && !locked && moment === null,
  });

  useNoticeLock();
  const queryClient = useQueryClient();
  const token = session?.token;
  useEffect(() => {
    if (token === undefined || rid === "") return undefined;
    void openLive(queryClient, token, rid, practisesAt === rid);
    return closeLive;
  }, [queryClient, practisesAt, token, rid]);

  const membership = me.data?.restaurants.find((one) => one.id === rid);
  const place = useMemo<Place | null>(
    () =>
      restaurant.data === undefined
        ? null
        : {
            locale: restaurant.data.locale,
            currency: restaurant.data.currency,
            exponent: restaurant.data.exponent ?? membership?.exponent ?? 2,
            time_zone: restaurant.data.time_zone,
          },
    [restaurant.data, membership?.exponent],
  );

  // Another restaurant or nobody at all: the moment was one of this restaurant, for this person.
  useEffect(() => {
    if (moment !== null && (moment.restaurantId !== rid || session === null)) comeBack();
  }, [moment, rid, session]);
  const past = useMemo(() => (moment === null ? null : makePastClient()), [moment]);

  // Whose a closed restaurant is stands in the file nobody can read, so whoever has no other is told.
  const closed = me.data?.unreadable[0];
  if (session === null) return null;
  if (locked && membership !== undefined) return <LockScreen restaurant={membership} />;
  if (place === null) {
    const failed = me.error !== null ? me : restaurant.error !== null ? restaurant : null;
    return (
      <main className={styles.alone}>
        {failed !== null ? (
          <>
            <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
            {isUnreachable(failed.error) && <SpareOffer rid={session.restaurantId ?? ""} />}
          </>
        ) : me.data !== undefined && first === undefined && rid === "" ? (
          closed !== undefined ? (
            <Suspense fallback={<SkeletonPage />}>
              <Rescue isPage closed={closed} />
            </Suspense>
          ) : (
            <EmptyState
              icon={IconBuildingStore}
              title={t("noRestaurant.title")}
              text={t("noRestaurant.text")}
            />
          )
        ) : (
          <SkeletonPage />
        )}
      </main>
    );
  }
  return (
    <PlaceContext value={place}>
      {past === null ? (
        <Frame key={`${rid} ${practisesAt === null ? "now" : "practice"}`} />
      ) : (
        <QueryClientProvider key={moment?.view ?? ""} client={past}>
          <Frame />
        </QueryClientProvider>
      )}
    </PlaceContext>
  );
}

/** Whoever has no restaurant is asked about again at this pace. */
const LOOK_AGAIN_MS = 2_000;

/** Nobody answers; any other error is an answer. */
function isUnreachable(error: unknown): boolean {
  return asApiError(error).code === "unreachable";
}

/** Pages of people who wait for paper. */
const PAPER = /^\/(kitchen|orders|till)(\/|$)/;
/** Where money is taken and days are looked at. */
const DATED = new Set(["/today", "/orders", "/till"]);
/** Not in the way of the first page. */
const PREFETCH_MS = 1_500;

function Frame() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const router = useRouter();
  const { reachable, all } = usePages();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const [searching, setSearching] = useState(false);
  const [showingKeys, setShowingKeys] = useState(false);
  const [switching, setSwitching] = useState(false);
  const [settingPin, setSettingPin] = useState(false);
  const [beginning, setBeginning] = useState(false);
  const moment = useRewound();
  const isPractice = usePractice() !== null;
  const { mutate: lock } = useLock();
  const page = useRef<HTMLElement>(null);
  const search = () => {
    if (searching) return;
    keepTyped();
    setSearching(true);
  };
  useIdleLock();
  useKeys([
    {
      keys: "mod+k",
      label: t("keys.search"),
      group: t("keys.everywhere"),
      always: true,
      run: search,
    },
    { keys: "/", label: t("keys.search"), group: t("keys.everywhere"), run: search },
    { keys: ".", label: t("atTill.switchWhy"), group: t("keys.everywhere"), run: () => setSwitching(true) },
    { keys: "alt+l", label: t("search.lock"), group: t("keys.everywhere"), always: true, run: () => lock() },
    { keys: "?", label: t("keys.map"), group: t("keys.everywhere"), run: () => setShowingKeys(true) },
    ...reachable.flatMap((page) =>
      page.keys === undefined
        ? []
        : [
            {
              keys: page.keys,
              label: page.label,
              group: t("keys.goTo"),
              run: () => void router.navigate({ to: page.path }),
            },
          ],
    ),
  ]);

  // "/" is wherever this person's work begins.
  const home = reachable[0]?.path;
  useEffect(() => {
    if (pathname === "/" && home !== undefined) void navigate({ to: takeFirstPage() ?? home, replace: true });
  }, [pathname, home, navigate]);

  // "/staff/times" is a page of its own, though it begins as "/staff" does.
  const here =
    all.find((page) => pathname === page.path) ?? all.find((page) => pathname.startsWith(`${page.path}/`));
  const isAllowed = here === undefined || here.allowed;

  // Whoever takes over begins where their work begins, if this page is none of theirs.
  useEffect(() => {
    if (takeArrival() && !isAllowed) void navigate({ to: "/", replace: true });
  }, [isAllowed, navigate]);

  useEffect(() => {
    document.title = here === undefined ? "Comanda" : `${here.label} · Comanda`;
  }, [here]);

  // Every page is fetched soon after the first, so that going to one needs no engine: a kitchen that lost its
  // connection must still reach the screen that says so.
  useEffect(() => {
    const soon = window.setTimeout(() => {
      for (const load of [loadSearch, loadSwitch, loadKeyMap]) void load().catch(() => undefined);
      for (const route of Object.values(router.routesById)) void router.loadRouteChunk(route);
    }, PREFETCH_MS);
    return () => window.clearTimeout(soon);
  }, [router]);

  // A new page begins at its title, also for a screen reader and the Tab key.
  useLayoutEffect(() => {
    page.current?.scrollTo(0, 0);
  }, [pathname]);
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const isInDialog =
        document.activeElement?.closest('[role="dialog"]') !== null &&
        document.activeElement !== document.body;
      if (!isInDialog)
        document.querySelector<HTMLElement>("[data-page-title]")?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [pathname]);

  return (
    <div
      className={styles.app}
      data-past={moment === null ? undefined : ""}
      data-practice={isPractice ? "" : undefined}
    >
      <a href="#page" className={styles.skip}>
        {t("skip")}
      </a>
      <Rail />
      <div className={styles.column}>
        <TopBar onSearch={search} onSwitch={() => setSwitching(true)} />
        <div>
          {moment !== null && <PastBar moment={moment} />}
          {isPractice && moment === null && <PracticeBar />}
          <SpareStrip />
          {/* An alarm is one of now. */}
          {moment === null && isAllowed && PAPER.test(pathname) && <AlarmStrip />}
          {moment === null && isAllowed && DATED.has(pathname) && <ClockStrip />}
        </div>
        <main id="page" ref={page} className={styles.page} tabIndex={-1}>
          {isAllowed ? <Outlet /> : <NoPermission />}
        </main>
      </div>
      {moment === null && <CallToast />}
      {moment === null && <UpdateNotice />}
      <BottomBar onKeys={() => setShowingKeys(true)} />
      <Suspense>
        {searching && (
          <Search
            onClose={() => {
              takeTyped();
              setSearching(false);
            }}
            onSwitch={() => setSwitching(true)}
            onOwnPin={() => setSettingPin(true)}
            onPractise={() => setBeginning(true)}
          />
        )}
        {switching && <SwitchPerson onClose={() => setSwitching(false)} />}
        {beginning && <BeginPractice onClose={() => setBeginning(false)} />}
        {settingPin && <OwnPin onClose={() => setSettingPin(false)} />}
        {showingKeys && <KeyMap onClose={() => setShowingKeys(false)} />}
      </Suspense>
    </div>
  );
}
