#include "widgets/notice_bar.hpp"

#include "widgets/labels.hpp"

#include <QHBoxLayout>
#include <QPainter>

namespace breakwater::desktop {

NoticeBar::NoticeBar(QWidget* parent)
    : QFrame{parent}, m_text{plainLabel({}, this)}, m_button{makeButton({}, "", this)} {
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(16, 6, 6, 6);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button);
    auto* close = makeButton(QStringLiteral("✕"), "plain", this);
    close->setAccessibleName(tr("Close"));
    close->setFixedWidth(32);
    layout->addWidget(close);
    connect(close, &QPushButton::clicked, this, &NoticeBar::dismiss);
    connect(m_button, &QPushButton::clicked, this, &NoticeBar::actionTriggered);
    m_timer.setSingleShot(true);
    m_timer.setInterval(std::chrono::seconds{8});
    connect(&m_timer, &QTimer::timeout, this, &NoticeBar::dismiss);
    hide();
}

bool NoticeBar::hasAction() const {
    return !isHidden() && !m_button->isHidden();
}

void NoticeBar::inform(const QString& text) {
    if (hasAction())
        return;
    show(text, Tone::Good, {});
    m_timer.start();
}

void NoticeBar::warn(const QString& text) {
    if (hasAction())
        return;
    show(text, Tone::Bad, {});
}

void NoticeBar::showAction(const QString& text, const QString& button) {
    show(text, Tone::Warn, button);
}

void NoticeBar::show(const QString& text, Tone tone, const QString& button) {
    m_timer.stop();
    m_tone = tone;
    m_text->setText(text);
    m_button->setText(button);
    m_button->setVisible(!button.isEmpty());
    setAccessibleName(text);
    setVisible(true);
    update();
}

void NoticeBar::dismiss() {
    m_timer.stop();
    hide();
}

QString NoticeBar::text() const {
    return isHidden() ? QString{} : m_text->text();
}

void NoticeBar::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor tint = color(m_tone, palette());
    QColor fill = tint;
    fill.setAlpha(28);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(rect(), 5, 5);
    painter.setBrush(tint);
    painter.drawRoundedRect(QRectF{0, 0, 4, static_cast<double>(height())}, 2, 2);
}

} // namespace breakwater::desktop
