import { describe, expect, it } from "vitest";

import { csvCell, csvRow } from "./csv";

describe("CSV", () => {
  it("neutralises text that a spreadsheet would run as a formula", () => {
    expect(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1"].map(csvCell)).toEqual(["'=1+1", "'+1", "'-1", "'@SUM(A1)", `"'\tx"`, `"'\rx"`, `"'\nx"`, "'＝1"]);
    expect(csvCell('=HYPERLINK("http://x","y")')).toBe(`"'=HYPERLINK(""http://x"",""y"")"`);
  });

  it("leaves numbers and plain text unchanged", () => {
    expect([csvCell(-3.5), csvCell(true), csvCell(null), csvCell("a=b"), csvCell("it's")]).toEqual(["-3.5", "true", "", "a=b", "it's"]);
  });

  it("quotes cells with separators, quotes, blanks at the ends or line breaks", () => {
    expect(csvRow(['say "hi"', "a,b", "a;b", " x", "line\nbreak", ""])).toBe('"say ""hi""","a,b","a;b"," x","line\nbreak",\r\n');
  });
});
