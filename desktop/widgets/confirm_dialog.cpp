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
    auto* no = makeButton(ConfirmDialog::tr("Cancel"));
    auto* yes = makeButton(action, kind);
    yes->setObjectName(QStringLiteral("yes"));
    row->addStretch(1);
    row->addWidget(no);
    row->addWidget(yes);
    layout.addSpacing(8);
    layout.addLayout(row);
    QObject::connect(no, &QPushButton::clicked, &dialog, &QDialog::reject);
    QObject::connect(yes, &QPushButton::clicked, &dialog, &QDialog::accept);
    return yes;
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
    if (!question.typed.isEmpty()) {
        layout->addSpacing(4);
        layout->addWidget(mutedLabel(tr("Type “%1” to go on:").arg(question.typed)));
        m_typed = new QLineEdit;
        layout->addWidget(m_typed);
    }
    layout->addStretch(1);
    m_yes = addButtons(*this, *layout, question.action, question.dangerous ? "danger" : "primary");
    if (m_typed != nullptr) {
        m_yes->setEnabled(false);
        connect(m_typed, &QLineEdit::textChanged, this,
                [this, wanted = question.typed](const QString& typed) {
                    m_yes->setEnabled(typed.trimmed() == wanted.trimmed());
                });
    } else if (!question.dangerous) {
        m_yes->setDefault(true);
    }
}

void ConfirmDialog::ask(QWidget* parent, const Question& question, std::function<void()> yes) {
    auto* dialog = new ConfirmDialog{question, parent};
    connect(dialog, &QDialog::accepted, parent, [yes = std::move(yes)] { yes(); });
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
    m_text->setMaxLength(longest);
    m_text->selectAll();
    layout->addWidget(m_text);
    QPushButton* yes = addButtons(*this, *layout, action, "primary");
    yes->setDefault(true);
    const auto check = [this, yes] { yes->setEnabled(m_text->text().trimmed().size() >= shortest); };
    connect(m_text, &QLineEdit::textChanged, this, check);
    check();
}

void TextDialog::ask(QWidget* parent, const QString& title, const QString& label, const QString& text,
                     const QString& action, std::function<void(QString)> then) {
    auto* dialog = new TextDialog{title, label, text, action, parent};
    connect(dialog, &QDialog::accepted, parent,
            [dialog, then = std::move(then)] { then(dialog->m_text->text().trimmed()); });
    dialog->open();
}

} // namespace breakwater::desktop
