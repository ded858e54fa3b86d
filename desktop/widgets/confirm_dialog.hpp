#pragma once

#include <QDialog>

#include <functional>

class QLineEdit;
class QPushButton;

namespace breakwater::desktop {

/// The content of a confirmation dialog.
struct Question {
    QString title;
    QString text;
    QString action; ///< label of the confirm button
    bool dangerous = false;
    QString requiredText{}; ///< if not empty, the user has to type this text first
};

/// Asks for confirmation. Does not block.
class ConfirmDialog : public QDialog {
    Q_OBJECT
public:
    ConfirmDialog(const Question& question, QWidget* parent);

    /// Opens the dialog. Calls `onConfirmed` when the user confirms.
    static void ask(QWidget* parent, const Question& question, std::function<void()> onConfirmed);

private:
    QLineEdit* m_input = nullptr;
    QPushButton* m_confirm;
};

/// Asks for a line of `minLength` to `maxLength` characters. Does not block.
class TextDialog : public QDialog {
    Q_OBJECT
public:
    TextDialog(const QString& title, const QString& label, const QString& text, const QString& action,
               QWidget* parent);

    static void ask(QWidget* parent, const QString& title, const QString& label, const QString& text,
                    const QString& action, std::function<void(QString)> onAccepted);

    static constexpr int minLength = 3;
    static constexpr int maxLength = 100;

private:
    QLineEdit* m_text;
};

} // namespace breakwater::desktop
