// The table the engine decides by: which role may do what. Read only: roles are the same in every house.
import { IconCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Roles } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { StaffTabs } from "../app/StaffTabs";
import { Answer } from "../kit/Answer";
import { PageBody, PageHead } from "../kit/Page";
import { SkeletonPage } from "../kit/Skeletons";
import { rolesQuery } from "./queries";
import { roles as inOrder } from "./roles";
import styles from "./staff.module.css";

export function RolesPage() {
  const { t } = useTranslation("staff");
  const query = useQuery(rolesQuery(useRestaurantId()));
  return (
    <Answer query={query} skeleton={<SkeletonPage rows={8} />}>
      {(roles) => (
        <>
          <PageHead title={t("roles.title")} sub={t("roles.sub")} />
          <StaffTabs />
          <PageBody>
            <Table roles={roles} />
          </PageBody>
        </>
      )}
    </Answer>
  );
}

function Table({ roles }: { roles: Roles }) {
  const { t } = useTranslation("staff");
  const { t: common } = useTranslation();
  const feature = (permission: string) => permission.split(".")[0] ?? "";
  const features = [...new Set(roles.permissions.map((line) => feature(line.permission)))];
  const named = inOrder.filter((role) => roles.roles.includes(role));
  const word = (key: string, otherwise: string) => t(key as "title", { defaultValue: otherwise });
  return (
    <div className={styles.tableBox} tabIndex={0} role="region" aria-label={t("roles.title")}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("roles.may")}</th>
            {named.map((role) => (
              <th key={role} scope="col">
                {common(`role.${role}`)}
              </th>
            ))}
          </tr>
        </thead>
        {features.map((one) => (
          <tbody key={one}>
            <tr>
              <th colSpan={named.length + 1} scope="colgroup">
                {word(`feature.${one}`, one)}
              </th>
            </tr>
            {roles.permissions
              .filter((line) => feature(line.permission) === one)
              .map((line) => (
                <tr key={line.permission}>
                  <th scope="row" title={line.permission}>
                    {word(`permission.${line.permission}`, line.permission)}
                  </th>
                  {named.map((role) => (
                    <td key={role}>
                      {line.roles.includes(role) ? (
                        <>
                          <IconCheck size={16} aria-hidden />
                          <span className="visually-hidden">{t("roles.yes")}</span>
                        </>
                      ) : (
                        <>
                          <span aria-hidden>·</span>
                          <span className="visually-hidden">{t("roles.no")}</span>
                        </>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
