// One chapter as it is read: a lead, what is seen, what is done, what is safe meanwhile, sentences and what they mean.
import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { usePages } from "../app/pages";
import { Table } from "../kit/Table";
import styles from "./guide.module.css";
import { type Chapter, piecesOf, type Section } from "./model";

export function ChapterText({ chapter, titleOf }: { chapter: Chapter; titleOf: (id: string) => string }) {
  const { t } = useTranslation("guide");
  const say = (text: string) => <Words text={text} titleOf={titleOf} />;
  const steps = (list: { what: string; how: string }[]) => (
    <ol>
      {list.map((step) => (
        <li key={step.what}>
          <b>{say(step.what)}</b>
          <p>{say(step.how)}</p>
        </li>
      ))}
    </ol>
  );
  const points = (list: string[]) => (
    <ul>
      {list.map((point) => (
        <li key={point}>{say(point)}</li>
      ))}
    </ul>
  );
  const section = (part: Section) => (
    <section key={part.title}>
      <h3>{part.title}</h3>
      {part.text !== undefined && <p>{say(part.text)}</p>}
      {part.steps !== undefined && steps(part.steps)}
      {part.points !== undefined && points(part.points)}
    </section>
  );
  const { see, safe, table, note } = chapter;
  return (
    <article className={styles.chapter}>
      <h2>{chapter.title}</h2>
      <p className={styles.lead}>{say(chapter.lead)}</p>
      {chapter.sections?.map(section)}
      {see !== undefined && section({ title: t("label.see"), points: see })}
      {chapter.steps !== undefined && section({ title: t("label.do"), steps: chapter.steps })}
      {safe !== undefined && section({ title: t("label.safe"), text: safe })}
      {chapter.who !== undefined && section({ title: t("label.who"), text: chapter.who })}
      {note !== undefined && (
        <p role="note" className={styles.note}>
          {say(note)}
        </p>
      )}
      {table !== undefined && (
        <section>
          <h3>{table.title}</h3>
          <Table<string[]>
            className={styles.table}
            label={table.title}
            rows={table.rows}
            keyOf={(row) => row[0] ?? ""}
            stacks
            columns={table.head.map((head, at) => ({ head, wraps: true, cell: (row) => say(row[at] ?? "") }))}
          />
        </section>
      )}
    </article>
  );
}

/** A text with the names of the screen in it, and the ways to pages and other chapters. */
function Words({ text, titleOf }: { text: string; titleOf: (id: string) => string }) {
  const { all } = usePages();
  return piecesOf(text).map((piece, at) => {
    switch (piece.kind) {
      case "name":
        return <b key={at}>{piece.text}</b>;
      case "typed":
        return <code key={at}>{piece.text}</code>;
      case "chapter":
        return (
          <Link key={at} to="/guide" search={{ chapter: piece.to }}>
            {titleOf(piece.to)}
          </Link>
        );
      case "page": {
        const page = all.find(({ path }) => path === piece.to);
        // Who may not open it reads its name.
        return page?.allowed === true ? (
          <Link key={at} to={page.path}>
            {page.label}
          </Link>
        ) : (
          <b key={at}>{page?.label ?? piece.to}</b>
        );
      }
      case "text":
        return <Fragment key={at}>{piece.text}</Fragment>;
    }
  });
}
