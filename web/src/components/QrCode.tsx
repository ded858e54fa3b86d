import qrcode from "qrcode-generator";
import { useMemo } from "react";

/** Width of the quiet zone, in modules (ISO/IEC 18004). */
const quietZone = 4;

/** Dark on white in both themes: many scanners read nothing else. */
export function QrCode({ content, label }: { content: string; label: string }) {
  const { size, drawing } = useMemo(() => {
    const code = qrcode(0, "M");
    code.addData(content);
    code.make();
    const modules = code.getModuleCount();
    let path = "";
    for (let row = 0; row < modules; ++row) for (let column = 0; column < modules; ++column) if (code.isDark(row, column)) path += `M${column + quietZone} ${row + quietZone}h1v1h-1z`;
    return { size: modules + 2 * quietZone, drawing: path };
  }, [content]);
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={drawing} fill="#000" />
    </svg>
  );
}
