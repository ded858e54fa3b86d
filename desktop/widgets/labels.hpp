#pragma once

#include "widgets/theme.hpp"

#include <QLabel>
#include <QPushButton>

namespace breakwater::desktop {

/// A label that shows its text as plain text: names and messages come from servers and devices.
QLabel* plainLabel(const QString& text = {}, QWidget* parent = nullptr);
QLabel* mutedLabel(const QString& text = {}, QWidget* parent = nullptr);
QLabel* titleLabel(const QString& text, double size, QWidget* parent = nullptr);
/// `kind`: see Style.
QPushButton* makeButton(const QString& text, const char* kind = "", QWidget* parent = nullptr);
/// Escapes the text, so that a tooltip shows it as plain text.
QString plainToolTip(const QString& text);

/// A small rounded box with a word in it.
class Badge : public QWidget {
    Q_OBJECT
public:
    explicit Badge(QWidget* parent = nullptr);

    void setStatus(const QString& text, Tone tone);
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
    Tone m_tone = Tone::Muted;
};

} // namespace breakwater::desktop
