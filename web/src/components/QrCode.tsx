import qrcode from "qrcode-generator";
import { useMemo } from "react";

/** Modules of white around it, as ISO/IEC 18004 wants. */
const quiet = 4;

/** Dark on white in both themes: many readers know nothing else. */
export function QrCode({ content, label }: { content: string; label: string }) {
  const { size, drawing } = useMemo(() => {
    const code = qrcode(0, "M");
    code.addData(content);
    code.make();
    const modules = code.getModuleCount();
    let path = "";
    for (let row = 0; row < modules; ++row) for (let column = 0; column < modules; ++column) if (code.isDark(row, column)) path += `M${column + quiet} ${row + quiet}h1v1h-1z`;
    return { size: modules + 2 * quiet, drawing: path };
  }, [content]);
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={drawing} fill="#000" />
    </svg>
  );
}
