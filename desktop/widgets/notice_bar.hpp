#pragma once

#include "widgets/theme.hpp"

#include <QFrame>
#include <QTimer>

class QLabel;
class QPushButton;

namespace breakwater::desktop {

/// A line that says what was done, or what went wrong. Good news goes by itself; bad news stays until it is
/// closed or something newer is said.
class NoticeBar : public QFrame {
    Q_OBJECT
public:
    explicit NoticeBar(QWidget* parent = nullptr);

    void tell(const QString& text);
    void warn(const QString& text);
    /// Stays, with a button, whatever else there is to say. It says `wanted` when that is pressed.
    void offer(const QString& text, const QString& button);
    void dismiss();
    [[nodiscard]] QString text() const;

Q_SIGNALS:
    void wanted();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] bool isOffering() const;
    void show(const QString& text, Tone tone, const QString& button);

    QLabel* m_text;
    QPushButton* m_button;
    QTimer m_timer;
    Tone m_tone = Tone::Good;
};

} // namespace breakwater::desktop
