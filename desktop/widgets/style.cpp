#include "widgets/style.hpp"

#include "widgets/theme.hpp"

#include <QComboBox>
#include <QPainter>
#include <QStyleOption>
#include <QWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr double radius = 5;
constexpr int controlHeight = 30;

QString kindOf(const QWidget* widget) {
    return widget == nullptr ? QString{} : widget->property("kind").toString();
}

QColor mixed(const QColor& a, const QColor& b, double part) {
    const auto blend = [&](double x, double y) { return static_cast<float>(x * (1 - part) + y * part); };
    return QColor::fromRgbF(blend(a.redF(), b.redF()), blend(a.greenF(), b.greenF()),
                            blend(a.blueF(), b.blueF()));
}

/// The text colour on accent backgrounds.
QColor textOnAccent(const QPalette& palette) {
    return isDark(palette) ? QColor{0x10, 0x16, 0x1c} : QColor{Qt::white};
}

void roundedRect(QPainter& painter, const QRect& rect, const QColor& fill, const QColor& border,
                 double width = 1, double corner = radius) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(fill);
    painter.setPen(border.isValid() ? QPen{border, width} : QPen{Qt::NoPen});
    const double inset = width / 2;
    painter.drawRoundedRect(QRectF{rect}.adjusted(inset, inset, -inset, -inset), corner, corner);
    painter.restore();
}

} // namespace

Style::Style() : QProxyStyle{u"fusion"_s} {}

void Style::drawButton(const QStyleOption& option, QPainter& painter, const QWidget* widget) const {
    const QPalette& palette = option.palette;
    const QString kind = kindOf(widget);
    const bool isEnabled = option.state & State_Enabled;
    const bool isHovered = isEnabled && (option.state & State_MouseOver);
    const bool isPressed = option.state & (State_Sunken | State_On);
    const bool hasFocus = option.state & State_HasFocus;
    QColor fill = palette.color(QPalette::Button);
    QColor border = color(Tone::Line, palette);
    if (kind == "primary"_L1 && isEnabled) {
        fill = border = color(Tone::Accent, palette);
    } else if (kind == "plain"_L1) {
        fill = border = Qt::transparent;
    } else if (kind == "danger"_L1 && isEnabled) {
        border = mixed(color(Tone::Bad, palette), fill, 0.5);
    }
    if (!isEnabled && kind != "plain"_L1)
        fill = palette.color(QPalette::Window);
    if (isHovered || isPressed) {
        const QColor tint = kind == "danger"_L1    ? color(Tone::Bad, palette)
                            : kind == "primary"_L1 ? palette.color(QPalette::Text)
                                                   : color(Tone::Accent, palette);
        const double part = isPressed ? 0.22 : 0.1;
        fill = fill.alpha() == 0 ? QColor{tint.red(), tint.green(), tint.blue(), isPressed ? 60 : 28}
                                 : mixed(fill, tint, part);
    }
    if (hasFocus && isEnabled)
        border = kind == "primary"_L1 ? palette.color(QPalette::Text) : color(Tone::Accent, palette);
    roundedRect(painter, option.rect, fill, border, hasFocus ? 1.6 : 1);
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                          const QWidget* widget) const {
    switch (element) {
    case PE_PanelButtonCommand:
    case PE_PanelButtonTool: return drawButton(*option, *painter, widget);
    case PE_PanelLineEdit: {
        // A combo box or spin box draws the frame itself.
        if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
            frame && frame->lineWidth == 0)
            return painter->fillRect(option->rect, option->palette.base());
        const bool focus = option->state & State_HasFocus;
        return roundedRect(*painter, option->rect, option->palette.color(QPalette::Base),
                           color(focus ? Tone::Accent : Tone::Line, option->palette), focus ? 1.6 : 1);
    }
    case PE_FrameLineEdit:
        if (qobject_cast<const QComboBox*>(widget) != nullptr)
            roundedRect(*painter, option->rect, option->palette.color(QPalette::Base),
                        color(Tone::Line, option->palette));
        return;
    case PE_PanelScrollAreaCorner: return painter->fillRect(option->rect, option->palette.base());
    case PE_Frame:
        painter->save();
        painter->setPen(color(Tone::Line, option->palette));
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        painter->restore();
        return;
    case PE_IndicatorHeaderArrow: {
        const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option);
        if (header == nullptr || widget == nullptr)
            break;
        QStyleOptionHeader moved = *header;
        moved.rect.moveTop((widget->height() - moved.rect.height()) / 2);
        return QProxyStyle::drawPrimitive(element, &moved, painter, widget);
    }
    case PE_IndicatorCheckBox: {
        const bool on = option->state & State_On;
        const QColor edge =
            color(on || (option->state & State_HasFocus) ? Tone::Accent : Tone::Muted, option->palette);
        roundedRect(*painter, option->rect, on ? edge : option->palette.color(QPalette::Base), edge, 1.2, 3);
        if (on) {
            const QRectF box = option->rect;
            painter->save();
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(
                QPen{textOnAccent(option->palette), 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin});
            painter->drawPolyline(
                QPolygonF{{QPointF{box.left() + box.width() * 0.25, box.center().y()},
                           QPointF{box.left() + box.width() * 0.43, box.bottom() - box.height() * 0.28},
                           QPointF{box.right() - box.width() * 0.22, box.top() + box.height() * 0.3}}});
            painter->restore();
        }
        return;
    }
    case PE_FrameFocusRect: {
        if (kindOf(widget) == "plain"_L1)
            return;
        return QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
    case PE_FrameTabBarBase:
        painter->save();
        painter->setPen(color(Tone::Line, option->palette));
        painter->drawLine(option->rect.bottomLeft(), option->rect.bottomRight());
        painter->restore();
        return;
    case PE_FrameTabWidget: return;
    default: break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void Style::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                        const QWidget* widget) const {
    if (element == CE_PushButtonLabel) {
        const QString kind = kindOf(widget);
        if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
            button != nullptr && (button->state & State_Enabled) && !kind.isEmpty()) {
            QStyleOptionButton tinted = *button;
            if (kind == "primary"_L1)
                tinted.palette.setColor(QPalette::ButtonText, textOnAccent(option->palette));
            else if (kind == "danger"_L1)
                tinted.palette.setColor(QPalette::ButtonText, color(Tone::Bad, option->palette));
            return QProxyStyle::drawControl(element, &tinted, painter, widget);
        }
    }
    if (element == CE_TabBarTabShape) {
        const bool selected = option->state & State_Selected;
        if (selected)
            painter->fillRect(QRect{option->rect.left(), option->rect.bottom() - 2, option->rect.width(), 2},
                              color(Tone::Accent, option->palette));
        return;
    }
    if (element == CE_HeaderSection || element == CE_HeaderEmptyArea) {
        painter->fillRect(option->rect, option->palette.base());
        painter->save();
        painter->setPen(color(Tone::Line, option->palette));
        painter->drawLine(option->rect.bottomLeft(), option->rect.bottomRight());
        painter->restore();
        return;
    }
    if (element == CE_Splitter)
        return;
    QProxyStyle::drawControl(element, option, painter, widget);
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                               const QWidget* widget) const {
    const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
    if (control != CC_ScrollBar || bar == nullptr)
        return QProxyStyle::drawComplexControl(control, option, painter, widget);
    painter->fillRect(option->rect, option->palette.base());
    if (bar->maximum == bar->minimum)
        return;
    const bool isPressed = (option->state & State_Sunken) && (option->activeSubControls & SC_ScrollBarSlider);
    const bool isHovered = option->state & State_MouseOver;
    const QRectF handle =
        QRectF{subControlRect(control, option, SC_ScrollBarSlider, widget)}.adjusted(2, 2, -2, -2);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(mixed(color(Tone::Line, option->palette), color(Tone::Muted, option->palette),
                            isPressed   ? 1
                            : isHovered ? 0.6
                                        : 0.25));
    const double cornerRadius = std::min(handle.width(), handle.height()) / 2;
    painter->drawRoundedRect(handle, cornerRadius, cornerRadius);
    painter->restore();
}

QRect Style::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                            const QWidget* widget) const {
    const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
    if (control == CC_ComboBox && part == SC_ComboBoxEditField)
        return QProxyStyle::subControlRect(control, option, part, widget).adjusted(5, 0, 0, 0);
    if (control != CC_ScrollBar || bar == nullptr)
        return QProxyStyle::subControlRect(control, option, part, widget);
    // The scroll bar has a handle and a groove, but no arrows.
    const bool isHorizontal = bar->orientation == Qt::Horizontal;
    const int length = isHorizontal ? bar->rect.width() : bar->rect.height();
    const int range = bar->maximum - bar->minimum;
    const int handle =
        range == 0
            ? length
            : std::clamp(static_cast<int>(qint64{bar->pageStep} * length / (qint64{range} + bar->pageStep)),
                         std::min(28, length), length);
    const int start = sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition,
                                              length - handle, bar->upsideDown);
    const auto along = [&](int offset, int size) {
        return visualRect(bar->direction, bar->rect,
                          isHorizontal
                              ? QRect{bar->rect.x() + offset, bar->rect.y(), size, bar->rect.height()}
                              : QRect{bar->rect.x(), bar->rect.y() + offset, bar->rect.width(), size});
    };
    switch (part) {
    case SC_ScrollBarSlider: return along(start, handle);
    case SC_ScrollBarSubPage: return along(0, start);
    case SC_ScrollBarAddPage: return along(start + handle, length - start - handle);
    case SC_ScrollBarGroove: return bar->rect;
    default: return {};
    }
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    switch (metric) {
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing: return 8;
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin: return 12;
    case PM_ButtonMargin: return 16;
    case PM_SplitterWidth: return 12;
    case PM_TabBarTabHSpace: return 24;
    case PM_TabBarTabVSpace: return 12;
    case PM_TabBarTabShiftVertical: return 0;
    case PM_HeaderMargin: return 8;
    case PM_FocusFrameHMargin: return 7;
    case PM_ScrollBarExtent: return 12;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int Style::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                     QStyleHintReturn* answer) const {
    switch (hint) {
    case SH_EtchDisabledText: return 0;
    case SH_ItemView_ShowDecorationSelected: return 1;
    case SH_DialogButtonBox_ButtonsHaveIcons: return 0;
    case SH_ToolTip_WakeUpDelay: return 400;
    default: return QProxyStyle::styleHint(hint, option, widget, answer);
    }
}

QRect Style::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const {
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    if (element == SE_LineEditContents)
        return rect.adjusted(5, 0, -5, 0);
    return rect;
}

QSize Style::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                              const QWidget* widget) const {
    QSize adjusted = QProxyStyle::sizeFromContents(type, option, size, widget);
    if (type == CT_PushButton || type == CT_ComboBox || type == CT_LineEdit || type == CT_ToolButton)
        adjusted.setHeight(std::max(adjusted.height(), controlHeight));
    // Fusion makes buttons with short texts too wide.
    if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
        type == CT_PushButton && button != nullptr) {
        const int menuWidth = button->features & QStyleOptionButton::HasMenu ? 16 : 0;
        const int textWidth = button->fontMetrics.size(Qt::TextShowMnemonic, button->text).width();
        adjusted.setWidth(textWidth + 26 + menuWidth);
    }
    return adjusted;
}

} // namespace breakwater::desktop
