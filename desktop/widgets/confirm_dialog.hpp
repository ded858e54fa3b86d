#pragma once

#include <QDialog>

#include <functional>

class QLineEdit;
class QPushButton;

namespace breakwater::desktop {

/// What one is asked before something is done.
struct Question {
    QString title;
    QString text;
    QString action; ///< what the button says
    bool dangerous = false;
    QString typed{}; ///< has to be typed first, where it isn't empty
};

/// Asks, and calls `yes` where the answer is that. Nothing waits for it.
class ConfirmDialog : public QDialog {
    Q_OBJECT
public:
    ConfirmDialog(const Question& question, QWidget* parent);

    static void ask(QWidget* parent, const Question& question, std::function<void()> yes);

private:
    QLineEdit* m_typed = nullptr;
    QPushButton* m_yes;
};

/// Asks for a line of text, between so many characters.
class TextDialog : public QDialog {
    Q_OBJECT
public:
    TextDialog(const QString& title, const QString& label, const QString& text, const QString& action,
               QWidget* parent);

    static void ask(QWidget* parent, const QString& title, const QString& label, const QString& text,
                    const QString& action, std::function<void(QString)> then);

    static constexpr int shortest = 3;
    static constexpr int longest = 100;

private:
    QLineEdit* m_text;
};

} // namespace breakwater::desktop
