#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>

class QFont;

namespace breakwater::desktop {

/// What a colour says. Each is readable on the window and on the base of its palette.
enum class Tone { Accent, Good, Warn, Bad, Muted, Line, Faint };

QPalette lightPalette();
QPalette darkPalette();

[[nodiscard]] bool isDark(const QPalette& palette);
[[nodiscard]] QColor color(Tone tone, const QPalette& palette);
/// Of the n-th line of a chart.
[[nodiscard]] QColor lineColor(int n, const QPalette& palette);

/// The mark of the program, drawn at any size.
QIcon applicationIcon();
QFont monospaceFont();

} // namespace breakwater::desktop
