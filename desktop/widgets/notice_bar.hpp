#pragma once

#include "widgets/theme.hpp"

#include <QFrame>
#include <QTimer>

class QLabel;
class QPushButton;

namespace breakwater::desktop {

/// A message line. Success messages disappear after 8 seconds. Warnings stay until the user closes them or a
/// new message replaces them.
class NoticeBar : public QFrame {
    Q_OBJECT
public:
    explicit NoticeBar(QWidget* parent = nullptr);

    void inform(const QString& text);
    void warn(const QString& text);
    /// Shows a message with a button that emits `actionTriggered`. Other messages do not replace it.
    void showAction(const QString& text, const QString& button);
    void dismiss();
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void actionTriggered();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] bool hasAction() const;
    void show(const QString& text, Tone tone, const QString& button);

    QLabel* m_text;
    QPushButton* m_button;
    QTimer m_timer;
    Tone m_tone = Tone::Good;
};

} // namespace breakwater::desktop
