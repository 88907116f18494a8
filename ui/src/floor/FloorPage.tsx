// The floor as it is now: to scale or as a list, and the table in hand beside it. Its modes: live, arranging it,
// giving sections. Which of them stands in the address.
import { Button, SegmentedControl, Switch } from "@mantine/core";
import { IconArmchair2, IconPencil, IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Floor, FloorArea, FloorTable } from "../api/types";
import { meQuery, useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { useKeys } from "../kit/keys";
import { PageHead } from "../kit/Page";
import { SkeletonPage } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { useNow } from "../kit/useNow";
import { AreaForm } from "./AreaForm";
import { Calls } from "./Calls";
import { useLayOut } from "./commands";
import { Editor } from "./Editor";
import { Elsewhere } from "./Elsewhere";
import { firstFloor } from "./firstFloor";
import styles from "./floor.module.css";
import { calling, coversOf, dueOf } from "./model";
import { MoveParty, type Party } from "./MoveParty";
import { Plan } from "./Plan";
import { floorQuery } from "./queries";
import { useScreen } from "./screen";
import { Sections } from "./Sections";
import { TableList } from "./TableList";
import { TableMark } from "./TableMark";
import { TablePane } from "./TablePane";
import { states } from "./words";

export function FloorPage() {
  const query = useQuery(floorQuery(useRestaurantId()));
  return (
    <Answer query={query} skeleton={<SkeletonPage rows={6} />}>
      {(floor) => (floor.areas.length === 0 ? <NoFloor /> : <Loaded floor={floor} />)}
    </Answer>
  );
}

function NoFloor() {
  const { t } = useTranslation("floor");
  const mayWrite = useMay()("floor.write");
  const [isAdding, setAdding] = useState(false);
  const lay = useLayOut();
  const screen = useScreen();
  return (
    <>
      <PageHead title={t("title")} sub={t("empty.sub")} />
      <div className={styles.page}>
        <EmptyState
          icon={IconArmchair2}
          title={t("empty.title")}
          text={t(mayWrite ? "empty.text" : "empty.ask")}
        >
          {mayWrite && (
            <>
              <Button
                className={styles.touch}
                loading={lay.isPending}
                onClick={() =>
                  lay.mutate(
                    firstFloor({ room: t("empty.room"), terrace: t("empty.terrace"), bar: t("empty.bar") }),
                  )
                }
              >
                {t("empty.ready")}
              </Button>
              <Button variant="default" className={styles.touch} onClick={() => setAdding(true)}>
                {t("empty.blank")}
              </Button>
            </>
          )}
        </EmptyState>
      </div>
      {isAdding && (
        <AreaForm
          area={null}
          isEmpty
          onSaved={(area) => screen.set({ mode: "edit", area: area.id })}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  );
}

function Loaded({ floor }: { floor: Floor }) {
  const { t } = useTranslation("floor");
  const may = useMay();
  const me = useQuery(meQuery).data?.account_id;
  const now = useNow(10_000);
  const screen = useScreen();
  const [picked, setPicked] = useState<string[]>([]);
  const [party, setParty] = useState<Party | null>(null);
  const [to, setTo] = useState<FloorTable | null>(null);
  const [areaForm, setAreaForm] = useState<{ area: FloorArea | null } | null>(null);
  const table = floor.tables.find((one) => one.id === screen.table);
  const area = floor.areas.find((one) => one.id === (screen.area ?? table?.area_id)) ?? floor.areas[0];
  if (area === undefined) return null;
  const mode = may("floor.write") ? screen.mode : "live";
  const isMine = (one: FloorTable) => one.waiter?.account_id === me;
  const here = floor.tables.filter((one) => one.area_id === area.id);
  const pane = mode === "live" && party === null ? table : undefined;

  const pick = (one: FloorTable) => {
    if (party !== null) return one.id === party.from?.id ? undefined : setTo(one);
    if (mode === "sections") {
      return setPicked((old) =>
        old.includes(one.id) ? old.filter((id) => id !== one.id) : [...old, one.id],
      );
    }
    return screen.set({ table: one.id }, { replace: screen.table !== undefined });
  };
  const close = () => {
    // Back to where one was: the table that was pressed.
    document.querySelector<HTMLElement>(`[data-table="${CSS.escape(screen.table ?? "")}"]`)?.focus();
    screen.set({ table: undefined });
  };
  const setMode = (next: "edit" | "sections" | undefined) => {
    setPicked([]);
    setParty(null);
    screen.set({ mode: next, table: undefined });
  };
  const pressed = mode === "sections" ? (one: FloorTable) => picked.includes(one.id) : undefined;

  return (
    <div className={styles.screen} data-picked={pane === undefined ? undefined : ""}>
      <PageHead title={t("title")} sub={<Sentence floor={floor} />}>
        {mode === "live" ? (
          <LiveActions screen={screen} mayWrite={may("floor.write")} onMode={setMode} />
        ) : (
          <Button className={styles.touch} onClick={() => setMode(undefined)}>
            {t(mode === "edit" ? "edit.done" : "sections.close")}
          </Button>
        )}
      </PageHead>
      <div className={styles.over}>
        {mode === "live" && (
          <Calls floor={floor} onPick={(id) => screen.set({ table: id, area: undefined })} />
        )}
        <Areas
          floor={floor}
          area={area}
          onArea={(id) => screen.set({ area: id, table: undefined }, { replace: true })}
          onAdd={mode === "edit" ? () => setAreaForm({ area: null }) : null}
        />
      </div>
      <div className={styles.work}>
        {mode === "edit" ? (
          <Editor
            key={area.id}
            floor={floor}
            area={area}
            picked={table?.area_id === area.id ? table : undefined}
            onPick={(id) => screen.set({ table: id, area: area.id }, { replace: true })}
            onArea={() => setAreaForm({ area })}
          />
        ) : (
          <div className={styles.main}>
            {screen.view === "list" ? (
              <div className={styles.scroll}>
                <TableList
                  tables={screen.isMine && mode === "live" ? here.filter(isMine) : here}
                  now={now}
                  picked={pane?.id}
                  {...(pressed === undefined ? {} : { pressed })}
                  onPick={pick}
                />
              </div>
            ) : (
              <Plan area={area} label={t("plan.label", { name: area.name })}>
                {here.map((one) => (
                  <TableMark
                    key={one.id}
                    table={one}
                    now={now}
                    isOn={pressed === undefined ? one.id === pane?.id : pressed(one)}
                    isFaint={screen.isMine && mode === "live" && !isMine(one)}
                    {...(pressed === undefined ? {} : { pressed: pressed(one) })}
                    onPick={() => pick(one)}
                  />
                ))}
              </Plan>
            )}
            {here.length === 0 && (
              <p className={styles.none}>{t(may("floor.write") ? "plan.emptyEdit" : "plan.empty")}</p>
            )}
            {mode === "live" && screen.view === "plan" && <Legend tables={here} />}
            {mode === "live" && (
              <Elsewhere
                floor={floor}
                onMove={may("orders.write") ? (order) => setParty({ order, from: null }) : null}
              />
            )}
          </div>
        )}
        {pane !== undefined && (
          <TablePane
            key={pane.id}
            table={pane}
            onClose={close}
            onMove={(order) => setParty({ order, from: pane })}
          />
        )}
      </div>
      {party !== null && (
        <MoveParty
          party={party}
          to={to}
          onTo={setTo}
          onEnd={(at) => {
            setParty(null);
            setTo(null);
            if (at !== null) screen.set({ table: at.id });
          }}
        />
      )}
      {mode === "sections" && (
        <Sections picked={picked} onClear={() => setPicked([])} onClose={() => setMode(undefined)} />
      )}
      {areaForm !== null && (
        <AreaForm
          area={areaForm.area}
          isEmpty={here.length === 0}
          onSaved={(saved) => {
            setAreaForm(null);
            screen.set({ area: saved.id });
          }}
          onClose={() => setAreaForm(null)}
        />
      )}
    </div>
  );
}

function LiveActions(props: {
  screen: ReturnType<typeof useScreen>;
  mayWrite: boolean;
  onMode: (mode: "edit" | "sections") => void;
}) {
  const { t } = useTranslation("floor");
  const { screen } = props;
  const view = screen.view === "plan" ? "list" : "plan";
  useKeys([
    { keys: "v", label: t("view.switch"), group: t("title"), run: () => screen.set({ view }) },
    {
      keys: "m",
      label: t("mine"),
      group: t("title"),
      run: () => screen.set({ whose: screen.isMine ? undefined : "mine" }),
    },
    ...(props.mayWrite
      ? [{ keys: "e", label: t("edit.start"), group: t("title"), run: () => props.onMode("edit") }]
      : []),
  ]);
  return (
    <>
      <Switch
        className={styles.mine}
        label={t("mine")}
        checked={screen.isMine}
        onChange={(event) => screen.set({ whose: event.currentTarget.checked ? "mine" : undefined })}
      />
      <SegmentedControl
        size="sm"
        aria-label={t("view.switch")}
        value={screen.view}
        onChange={(view) => screen.set({ view })}
        data={[
          { value: "plan", label: t("view.plan") },
          { value: "list", label: t("view.list") },
        ]}
      />
      {props.mayWrite && (
        <>
          <Button
            variant="default"
            leftSection={<IconUsersGroup size={16} />}
            onClick={() => props.onMode("sections")}
          >
            {t("sections.start")}
          </Button>
          <Button
            variant="default"
            className={styles.wide}
            leftSection={<IconPencil size={16} />}
            aria-keyshortcuts="e"
            onClick={() => props.onMode("edit")}
          >
            {t("edit.start")}
          </Button>
        </>
      )}
    </>
  );
}

function Areas(props: {
  floor: Floor;
  area: FloorArea;
  onArea: (id: string) => void;
  onAdd: (() => void) | null;
}) {
  const { t } = useTranslation("floor");
  const { floor, area } = props;
  if (floor.areas.length < 2 && props.onAdd === null) return null;
  return (
    <nav className={styles.areas} aria-label={t("area.list")}>
      {floor.areas.map((one) => {
        const tables = floor.tables.filter((table) => table.area_id === one.id);
        const taken = tables.filter((table) => table.state !== "free").length;
        return (
          <button
            key={one.id}
            type="button"
            className={styles.area}
            aria-current={one.id === area.id ? "true" : undefined}
            onClick={() => props.onArea(one.id)}
          >
            {one.name}
            <small className="num" aria-label={t("area.taken", { taken, count: tables.length })}>
              {taken}/{tables.length}
            </small>
          </button>
        );
      })}
      {props.onAdd !== null && (
        <button type="button" className={styles.area} onClick={props.onAdd}>
          <IconPlus size={15} aria-hidden /> {t("area.add")}
        </button>
      )}
    </nav>
  );
}

/** "9 of 20 tables taken · 24 guests · €402.10 due · 1 calls" */
function Sentence({ floor }: { floor: Floor }) {
  const { t } = useTranslation("floor");
  const { money } = useFormat();
  const taken = floor.tables.filter((table) => table.state !== "free");
  const covers = taken.reduce((sum, table) => sum + coversOf(table), 0);
  const due = taken.reduce((sum, table) => sum + dueOf(table), 0);
  const calls = calling(floor).length;
  return [
    t("sub.taken", { taken: taken.length, count: floor.tables.length }),
    ...(covers > 0 ? [t("guests", { count: covers })] : []),
    ...(due > 0 ? [t("due", { amount: money(due) })] : []),
    ...(calls > 0 ? [t("sub.calls", { count: calls })] : []),
  ].join(" · ");
}

function Legend({ tables }: { tables: FloorTable[] }) {
  const { t } = useTranslation("floor");
  return (
    <ul className={styles.legend} aria-label={t("plan.legend")}>
      {states.map((state) => (
        <li key={state} data-state={state}>
          {t(`state.${state}`)}{" "}
          <b className="num">{tables.filter((table) => table.state === state).length}</b>
        </li>
      ))}
    </ul>
  );
}
