#include "widgets/theme.hpp"

#include <QFontDatabase>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>

#include <array>

namespace breakwater::desktop {

namespace {

struct Scheme {
    QRgb window, base, alternate, text, button, highlight, highlightedText, placeholder, tooltip;
    QRgb accent, good, warn, bad, muted, line, faint;
    std::array<QRgb, 6> lines;
};

constexpr Scheme light{.window = 0xfff4f6f8,
                       .base = 0xffffffff,
                       .alternate = 0xfff8fafb,
                       .text = 0xff17212b,
                       .button = 0xffffffff,
                       .highlight = 0xffd2f1e5,
                       .highlightedText = 0xff0b2a20,
                       .placeholder = 0xff6b7885,
                       .tooltip = 0xff22303c,
                       .accent = 0xff087f5b,
                       .good = 0xff1f7a3f,
                       .warn = 0xff9a5b00,
                       .bad = 0xffc0282d,
                       .muted = 0xff56636f,
                       .line = 0xffd5dce2,
                       .faint = 0xffe9edf1,
                       .lines = {0xff0b7285, 0xffc2571a, 0xff5b3fb5, 0xff2b7a3d, 0xffb0246b, 0xff7a6200}};

constexpr Scheme dark{.window = 0xff14191f,
                      .base = 0xff1a2027,
                      .alternate = 0xff1e252d,
                      .text = 0xffe4e9ee,
                      .button = 0xff252d36,
                      .highlight = 0xff104b39,
                      .highlightedText = 0xfff1faf6,
                      .placeholder = 0xff8795a2,
                      .tooltip = 0xffe4e9ee,
                      .accent = 0xff38d9a9,
                      .good = 0xff63c988,
                      .warn = 0xfff0b04c,
                      .bad = 0xffff7b7b,
                      .muted = 0xff9aa7b3,
                      .line = 0xff343e49,
                      .faint = 0xff262e37,
                      .lines = {0xff4cc3d6, 0xffffa05c, 0xffb09cff, 0xff7bd492, 0xffff86bd, 0xffe0c64c}};

QPalette paletteOf(const Scheme& scheme) {
    QPalette palette;
    const auto set = [&](QPalette::ColorRole role, QRgb rgb) {
        palette.setColor(role, QColor::fromRgb(rgb));
    };
    set(QPalette::Window, scheme.window);
    set(QPalette::WindowText, scheme.text);
    set(QPalette::Base, scheme.base);
    set(QPalette::AlternateBase, scheme.alternate);
    set(QPalette::Text, scheme.text);
    set(QPalette::Button, scheme.button);
    set(QPalette::ButtonText, scheme.text);
    set(QPalette::BrightText, scheme.bad);
    set(QPalette::Highlight, scheme.highlight);
    set(QPalette::HighlightedText, scheme.highlightedText);
    set(QPalette::PlaceholderText, scheme.placeholder);
    set(QPalette::ToolTipBase, scheme.tooltip);
    set(QPalette::ToolTipText, scheme.window);
    set(QPalette::Link, scheme.accent);
    set(QPalette::LinkVisited, scheme.accent);
    set(QPalette::Light, scheme.base);
    set(QPalette::Midlight, scheme.faint);
    set(QPalette::Mid, scheme.line);
    set(QPalette::Dark, scheme.line);
    set(QPalette::Shadow, scheme.line);
    for (const auto role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, QColor::fromRgb(scheme.placeholder));
    return palette;
}

const Scheme& schemeOf(const QPalette& palette) {
    return isDark(palette) ? dark : light;
}

/// Draws the icon of server/api/assets/favicon.svg, which the web client uses.
class MarkEngine : public QIconEngine {
public:
    void paint(QPainter* painter, const QRect& rect, QIcon::Mode, QIcon::State) override {
        const double size = std::min(rect.width(), rect.height());
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->translate(rect.topLeft());
        painter->scale(size / 32, size / 32);
        painter->setPen(Qt::NoPen);
        painter->setBrush(QColor::fromRgb(0xff0b2a3a));
        painter->drawRoundedRect(QRectF{0, 0, 32, 32}, 7, 7);
        painter->setBrush(QColor::fromRgb(0xfff2b544));
        painter->drawPolygon(QPolygonF{{{5, 20}, {11, 9}, {21, 9}, {27, 20}}});
        painter->setBrush(QColor::fromRgb(0xfff7cd7c));
        painter->drawPolygon(QPolygonF{{{11, 9}, {21, 9}, {23, 12.7}, {9, 12.7}}});
        painter->setBrush(Qt::NoBrush);
        for (const auto& [y, ink] : {std::pair{21.5, 0xff35c2c9}, std::pair{26.3, 0xff1d8f9c}}) {
            painter->setPen(QPen{QColor::fromRgb(ink), 2.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin});
            QPainterPath wave{QPointF{3, y}};
            for (int n = 0; n < 4; ++n)
                wave.quadTo(QPointF{6.25 + 6.5 * n, n % 2 == 0 ? y - 3 : y + 3}, QPointF{9.5 + 6.5 * n, y});
            painter->drawPath(wave);
        }
        painter->restore();
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap{size};
        pixmap.fill(Qt::transparent);
        QPainter painter{&pixmap};
        paint(&painter, QRect{{}, size}, mode, state);
        return pixmap;
    }
    [[nodiscard]] QIconEngine* clone() const override { return new MarkEngine{*this}; }
};

} // namespace

QPalette lightPalette() {
    return paletteOf(light);
}

QPalette darkPalette() {
    return paletteOf(dark);
}

bool isDark(const QPalette& palette) {
    return palette.color(QPalette::Window).lightness() < 128;
}

QColor color(Tone tone, const QPalette& palette) {
    const Scheme& scheme = schemeOf(palette);
    switch (tone) {
    case Tone::Accent: return QColor::fromRgb(scheme.accent);
    case Tone::Good: return QColor::fromRgb(scheme.good);
    case Tone::Warn: return QColor::fromRgb(scheme.warn);
    case Tone::Bad: return QColor::fromRgb(scheme.bad);
    case Tone::Muted: return QColor::fromRgb(scheme.muted);
    case Tone::Line: return QColor::fromRgb(scheme.line);
    case Tone::Faint: return QColor::fromRgb(scheme.faint);
    }
    return {};
}

QColor lineColor(int n, const QPalette& palette) {
    const auto& lines = schemeOf(palette).lines;
    return QColor::fromRgb(lines[static_cast<std::size_t>(n) % lines.size()]);
}

QIcon applicationIcon() {
    return QIcon{new MarkEngine};
}

QFont monospaceFont() {
    return QFontDatabase::systemFont(QFontDatabase::FixedFont);
}

} // namespace breakwater::desktop
