// The bones of the board: three columns of cards.
import { Bone } from "../kit/Skeletons";
import styles from "./board.module.css";

export function BoardSkeleton() {
  return (
    <div className={styles.board}>
      {[3, 4, 2].map((cards, column) => (
        <div key={column} className={styles.col}>
          <div className={styles.boneHead}>
            <Bone w={96} />
          </div>
          <ul>
            {Array.from({ length: cards }, (_, card) => (
              <li key={card} className={styles.card}>
                <Bone w="46%" h={18} />
                <Bone w="80%" />
                <Bone w="30%" />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}
