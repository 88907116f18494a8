// A place where a file is dropped, and the press that opens the system's own choice of one.
import { type DragEvent, type ReactNode, useRef, useState } from "react";

export interface FileDrop {
  /** For the place: spread over it. */
  area: {
    "data-over": string | undefined;
    onDragOver: (event: DragEvent) => void;
    onDragLeave: () => void;
    onDrop: (event: DragEvent) => void;
  };
  /** Somewhere inside it; not seen. */
  input: ReactNode;
  open: () => void;
}

/** `accept`: as an input of files takes it. `label`: what the choice is for, for those who do not see it. */
export function useFileDrop(accept: string, label: string, onFile: (file: File) => void): FileDrop {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const take = (file: File | undefined) => {
    if (file !== undefined) onFile(file);
  };
  return {
    area: {
      "data-over": isOver ? "" : undefined,
      onDragOver: (event) => {
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: () => setOver(false),
      onDrop: (event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      },
    },
    input: (
      <input
        ref={input}
        type="file"
        accept={accept}
        className="visually-hidden"
        tabIndex={-1}
        aria-label={label}
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          // The same file may be chosen again.
          event.currentTarget.value = "";
        }}
      />
    ),
    open: () => input.current?.click(),
  };
}
