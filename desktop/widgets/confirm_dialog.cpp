#include "widgets/confirm_dialog.hpp"

#include "widgets/labels.hpp"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace breakwater::desktop {

namespace {

constexpr int dialogWidth = 440;

QPushButton* addButtons(QDialog& dialog, QVBoxLayout& layout, const QString& action, const char* kind) {
    auto* row = new QHBoxLayout;
    auto* cancel = makeButton(ConfirmDialog::tr("Cancel"));
    auto* confirm = makeButton(action, kind);
    confirm->setObjectName(QStringLiteral("yes"));
    row->addStretch(1);
    row->addWidget(cancel);
    row->addWidget(confirm);
    layout.addSpacing(8);
    layout.addLayout(row);
    QObject::connect(cancel, &QPushButton::clicked, &dialog, &QDialog::reject);
    QObject::connect(confirm, &QPushButton::clicked, &dialog, &QDialog::accept);
    return confirm;
}

} // namespace

ConfirmDialog::ConfirmDialog(const Question& question, QWidget* parent) : QDialog{parent} {
    setWindowTitle(question.title);
    setMinimumWidth(dialogWidth);
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(20, 18, 20, 16);
    layout->addWidget(titleLabel(question.title, 1.2));
    auto* text = plainLabel(question.text);
    text->setWordWrap(true);
    layout->addWidget(text);
    if (!question.requiredText.isEmpty()) {
        layout->addSpacing(4);
        layout->addWidget(mutedLabel(tr("Type “%1” to continue:").arg(question.requiredText)));
        m_input = new QLineEdit;
        layout->addWidget(m_input);
    }
    layout->addStretch(1);
    m_confirm = addButtons(*this, *layout, question.action, question.dangerous ? "danger" : "primary");
    if (m_input != nullptr) {
        m_confirm->setEnabled(false);
        connect(m_input, &QLineEdit::textChanged, this,
                [this, requiredText = question.requiredText](const QString& input) {
                    m_confirm->setEnabled(input.trimmed() == requiredText.trimmed());
                });
    } else if (!question.dangerous) {
        m_confirm->setDefault(true);
    }
}

void ConfirmDialog::ask(QWidget* parent, const Question& question, std::function<void()> onConfirmed) {
    auto* dialog = new ConfirmDialog{question, parent};
    connect(dialog, &QDialog::accepted, parent, [onConfirmed = std::move(onConfirmed)] { onConfirmed(); });
    dialog->open();
}

TextDialog::TextDialog(const QString& title, const QString& label, const QString& text, const QString& action,
                       QWidget* parent)
    : QDialog{parent}, m_text{new QLineEdit{text}} {
    setWindowTitle(title);
    setMinimumWidth(dialogWidth);
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(20, 18, 20, 16);
    layout->addWidget(titleLabel(title, 1.2));
    layout->addWidget(plainLabel(label));
    m_text->setMaxLength(maxLength);
    m_text->selectAll();
    layout->addWidget(m_text);
    QPushButton* confirm = addButtons(*this, *layout, action, "primary");
    confirm->setDefault(true);
    const auto check = [this, confirm] { confirm->setEnabled(m_text->text().trimmed().size() >= minLength); };
    connect(m_text, &QLineEdit::textChanged, this, check);
    check();
}

void TextDialog::ask(QWidget* parent, const QString& title, const QString& label, const QString& text,
                     const QString& action, std::function<void(QString)> onAccepted) {
    auto* dialog = new TextDialog{title, label, text, action, parent};
    connect(dialog, &QDialog::accepted, parent,
            [dialog, onAccepted = std::move(onAccepted)] { onAccepted(dialog->m_text->text().trimmed()); });
    dialog->open();
}

} // namespace breakwater::desktop
