/** What a printer knows about itself. */
export type PrinterCondition = {
  /** Off line, for any of the reasons below. */
  readonly isStopped: boolean;
  readonly isOut: boolean;
  readonly isLow: boolean;
  readonly isCoverOpen: boolean;
  readonly isCutterError: boolean;
  readonly isHeadHot: boolean;
};

/** The answer to DLE EOT `which` (Epson); null where it has none. */
export function realTimeStatus(which: number, condition: PrinterCondition): number | null {
  const { isOut, isLow, isCoverOpen, isCutterError } = condition;
  const fixed = 0x12;
  switch (which) {
    case 1:
      return fixed | (condition.isStopped ? 0x08 : 0);
    case 2:
      return fixed | (isCoverOpen ? 0x04 : 0) | (isOut ? 0x20 : 0) | (isCutterError ? 0x40 : 0);
    case 3:
      return fixed | errorBits(condition);
    case 4:
      return fixed | (isLow ? 0x0c : 0) | (isOut ? 0x60 : 0);
    default:
      return null;
  }
}

/** The four bytes that it sends by itself at each change, after GS a. */
export function automaticStatus(condition: PrinterCondition): readonly number[] {
  const { isOut, isLow, isCoverOpen } = condition;
  const printer = 0x10 | (condition.isStopped ? 0x08 : 0) | (isCoverOpen ? 0x20 : 0);
  const paper = (isLow ? 0x03 : 0) | (isOut ? 0x0c : 0);
  return [printer, errorBits(condition), paper, 0x0f];
}

function errorBits(condition: PrinterCondition): number {
  return (condition.isCutterError ? 0x08 : 0) | (condition.isHeadHot ? 0x40 : 0);
}
