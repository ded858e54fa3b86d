#include "widgets/labels.hpp"

#include <QEvent>
#include <QPainter>

namespace breakwater::desktop {

QLabel* plainLabel(const QString& text, QWidget* parent) {
    auto* label = new QLabel{text, parent};
    label->setTextFormat(Qt::PlainText);
    return label;
}

QLabel* mutedLabel(const QString& text, QWidget* parent) {
    // A subclass, so that the colour follows the palette.
    class Muted : public QLabel {
    public:
        using QLabel::QLabel;

    protected:
        void paintEvent(QPaintEvent* event) override {
            QPalette tinted = palette();
            const QColor muted = color(Tone::Muted, tinted);
            if (tinted.color(QPalette::WindowText) != muted) {
                tinted.setColor(QPalette::WindowText, muted);
                setPalette(tinted);
            }
            QLabel::paintEvent(event);
        }
        void changeEvent(QEvent* event) override {
            if (event->type() == QEvent::ApplicationPaletteChange)
                setPalette({});
            QLabel::changeEvent(event);
        }
    };
    auto* label = new Muted{text, parent};
    label->setTextFormat(Qt::PlainText);
    return label;
}

QLabel* titleLabel(const QString& text, double size, QWidget* parent) {
    QLabel* label = plainLabel(text, parent);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * size);
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    return label;
}

QPushButton* makeButton(const QString& text, const char* kind, QWidget* parent) {
    auto* button = new QPushButton{text, parent};
    button->setProperty("kind", QString::fromLatin1(kind));
    button->setAutoDefault(false);
    return button;
}

QString plainToolTip(const QString& text) {
    return text.isEmpty() ? text : QStringLiteral("<p>%1</p>").arg(text.toHtmlEscaped());
}

Badge::Badge(QWidget* parent) : QWidget{parent} {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Badge::setStatus(const QString& text, Tone tone) {
    if (m_text == text && m_tone == tone)
        return;
    m_text = text;
    m_tone = tone;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const {
    const QFontMetrics metrics = fontMetrics();
    return {metrics.horizontalAdvance(m_text) + 28, metrics.height() + 8};
}

void Badge::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor tint = color(m_tone, palette());
    const QRectF box = QRectF{rect()}.adjusted(0.5, 0.5, -0.5, -0.5);
    QColor fill = tint;
    fill.setAlpha(26);
    QColor border = tint;
    border.setAlpha(110);
    painter.setPen(border);
    painter.setBrush(fill);
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tint);
    painter.drawEllipse(QPointF{box.left() + 11, box.center().y()}, 3.5, 3.5);
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(box.adjusted(19, 0, -8, 0), Qt::AlignVCenter | Qt::AlignLeft, m_text);
}

} // namespace breakwater::desktop
