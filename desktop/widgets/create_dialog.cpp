#include "widgets/create_dialog.hpp"

#include "widgets/confirm_dialog.hpp"
#include "widgets/labels.hpp"
#include "widgets/secret_panel.hpp"

#include <QJsonDocument>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

CreateDialog::CreateDialog(const Api& api, const QList<Category>& categories, ClipboardGuard& clipboard,
                           QWidget* parent)
    : QDialog{parent},
      m_api{api},
      m_pages{new QStackedWidget},
      m_step{mutedLabel()},
      m_list{new QListWidget},
      m_description{plainLabel()},
      m_interval{mutedLabel()},
      m_sample{new QPlainTextEdit},
      m_name{new QLineEdit},
      m_problem{plainLabel()},
      m_secret{new SecretPanel{clipboard}},
      m_cancel{makeButton(tr("Cancel"))},
      m_next{makeButton(tr("Create device"), "primary")} {
    setWindowTitle(tr("New device"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(720, 500);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(20, 18, 20, 16);
    auto* head = new QHBoxLayout;
    head->addWidget(titleLabel(tr("New device"), 1.3), 1);
    head->addWidget(m_step);
    layout->addLayout(head);
    m_pages->addWidget(firstPage());
    m_pages->addWidget(secondPage());
    layout->addWidget(m_pages, 1);
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(m_cancel);
    row->addWidget(m_next);
    layout->addLayout(row);
    m_next->setObjectName(u"next"_s);
    m_next->setDefault(true);
    m_step->setText(tr("Step 1 of 2"));
    connect(m_cancel, &QPushButton::clicked, this, &CreateDialog::reject);
    connect(m_next, &QPushButton::clicked, this, &CreateDialog::create);
    connect(m_list, &QListWidget::currentRowChanged, this, &CreateDialog::showCategory);
    connect(m_name, &QLineEdit::textChanged, this, &CreateDialog::check);
    check();
    if (!categories.isEmpty()) {
        setCategories(categories);
        return;
    }
    m_api.categories(this, [this](const Answer<QList<Category>>& answer) {
        if (answer)
            setCategories(*answer);
        else
            m_problem->setText(answer.error().detail);
    });
}

QWidget* CreateDialog::firstPage() {
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout{page};
    layout->setContentsMargins({});
    auto* columns = new QHBoxLayout;
    columns->setSpacing(16);
    m_list->setObjectName(u"categories"_s);
    m_list->setAccessibleName(tr("Category"));
    m_list->setFixedWidth(210);
    columns->addWidget(m_list);
    auto* details = new QVBoxLayout;
    m_description->setWordWrap(true);
    details->addWidget(m_description);
    details->addWidget(m_interval);
    details->addSpacing(4);
    details->addWidget(mutedLabel(tr("Example of a reading")));
    m_sample->setReadOnly(true);
    m_sample->setFont(monospaceFont());
    details->addWidget(m_sample, 1);
    columns->addLayout(details, 1);
    layout->addLayout(columns, 1);
    auto* nameRow = new QHBoxLayout;
    auto* label = plainLabel(tr("&Name"));
    label->setBuddy(m_name);
    nameRow->addWidget(label);
    m_name->setObjectName(u"name"_s);
    m_name->setMaxLength(TextDialog::maxLength);
    nameRow->addWidget(m_name, 1);
    layout->addLayout(nameRow);
    m_problem->setWordWrap(true);
    layout->addWidget(m_problem);
    return page;
}

QWidget* CreateDialog::secondPage() {
    return m_secret;
}

void CreateDialog::setCategories(const QList<Category>& categories) {
    m_categories = categories;
    for (const Category& category : categories) {
        auto* item = new QListWidgetItem{category.name, m_list};
        item->setSizeHint({0, 32});
    }
    m_list->setCurrentRow(0);
    m_name->setFocus();
    m_name->selectAll();
}

void CreateDialog::showCategory(int row) {
    if (row < 0 || row >= m_categories.size())
        return;
    const Category& category = m_categories[row];
    m_description->setText(category.description);
    m_interval->setText(tr("Sends a reading every %1 to %2 seconds.")
                            .arg(category.shortestInterval)
                            .arg(category.longestInterval));
    m_sample->setPlainText(QString::fromUtf8(QJsonDocument{category.samplePayload}.toJson()));
    // Keeps a name that the user typed.
    if (m_name->text().isEmpty() || m_name->text() == m_suggested)
        m_name->setText(category.defaultName.isEmpty() ? category.name : category.defaultName);
    m_suggested = category.defaultName.isEmpty() ? category.name : category.defaultName;
    check();
}

void CreateDialog::check() {
    m_next->setEnabled(!m_creating && m_list->currentRow() >= 0 &&
                       m_name->text().trimmed().size() >= TextDialog::minLength);
}

void CreateDialog::create() {
    if (m_pages->currentIndex() == 1)
        return reject();
    const QString name = m_name->text().trimmed();
    const QString category = m_categories[m_list->currentRow()].slug;
    m_creating = true;
    m_problem->clear();
    check();
    m_api.createDevice(name, category, this,
                       [this, name, category](const Answer<DeviceCredentials>& credentials) {
                           m_creating = false;
                           check();
                           if (!credentials) {
                               m_problem->setText(credentials.error().detail);
                               return;
                           }
                           showSecret(*credentials);
                           Q_EMIT created(credentials->deviceId, name, category);
                       });
}

void CreateDialog::showSecret(const DeviceCredentials& credentials) {
    m_secret->show(credentials, m_categories[m_list->currentRow()].samplePayload, m_api.session().server());
    m_pages->setCurrentIndex(1);
    m_step->setText(tr("Step 2 of 2: created “%1”").arg(m_name->text().trimmed()));
    m_cancel->hide();
    m_next->setText(tr("Done"));
    m_next->setEnabled(true);
}

void CreateDialog::reject() {
    if (m_creating)
        return; // the response contains the secret
    if (m_pages->currentIndex() == 0 || m_secret->wasCopied())
        return QDialog::reject();
    confirmLosingSecret(this, [this] { QDialog::reject(); });
}

} // namespace breakwater::desktop
