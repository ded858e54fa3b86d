#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>

class QFont;

namespace breakwater::desktop {

/// The role of a colour. Each colour has enough contrast on the window and base colours of its palette.
enum class Tone { Accent, Good, Warn, Bad, Muted, Line, Faint };

QPalette lightPalette();
QPalette darkPalette();

[[nodiscard]] bool isDark(const QPalette& palette);
[[nodiscard]] QColor color(Tone tone, const QPalette& palette);
/// The colour of the n-th line of a chart.
[[nodiscard]] QColor lineColor(int n, const QPalette& palette);

/// The application icon, scalable to any size.
QIcon applicationIcon();
QFont monospaceFont();

} // namespace breakwater::desktop
