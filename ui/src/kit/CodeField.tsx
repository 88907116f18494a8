// Where a code of the second factor is typed: a keyboard of digits, and letters too for a recovery code.
import { TextInput, type TextInputProps } from "@mantine/core";
import styles from "./kit.module.css";

const CODE_MAX = 32;

export function CodeField(props: TextInputProps & { letters?: boolean }) {
  const { letters = false, ...rest } = props;
  return (
    <TextInput
      autoComplete="one-time-code"
      inputMode={letters ? "text" : "numeric"}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      maxLength={CODE_MAX}
      classNames={{ input: styles.code }}
      {...rest}
    />
  );
}
