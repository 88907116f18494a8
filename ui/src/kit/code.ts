// A code of the second factor as somebody types it. A wrong one counts as a wrong try, so a slip is said before. Pure.

/** Whether all of it is there: six digits, or the ten letters of a recovery code. */
export function isWholeCode(typed: string): boolean {
  const letters = typed.replace(/[\s-]/g, "");
  return /^\d{6}$/.test(letters) || /^[a-z\d]{10}$/i.test(letters);
}
