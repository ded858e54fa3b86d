#pragma once

#include "core/api.hpp"

#include <QDialog>

class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace breakwater::desktop {

class ClipboardGuard;
class SecretPanel;

/// Creates a device in two steps: category and name, then the secret.
class CreateDialog : public QDialog {
    Q_OBJECT
public:
    CreateDialog(const Api& api, const QList<Category>& categories, ClipboardGuard& clipboard,
                 QWidget* parent);

    /// Asks for confirmation if the secret was not copied.
    void reject() override;

Q_SIGNALS:
    void created(const QString& deviceId, const QString& name, const QString& category);

private:
    QWidget* firstPage();
    QWidget* secondPage();
    void setCategories(const QList<Category>& categories);
    void showCategory(int row);
    void check();
    void create();
    void showSecret(const DeviceCredentials& credentials);

    Api m_api;
    QList<Category> m_categories;
    QStackedWidget* m_pages;
    QLabel* m_step;
    QListWidget* m_list;
    QLabel* m_description;
    QLabel* m_interval;
    QPlainTextEdit* m_sample;
    QLineEdit* m_name;
    QLabel* m_problem;
    SecretPanel* m_secret;
    QPushButton* m_cancel;
    QPushButton* m_next;
    QString m_suggested;
    bool m_creating = false;
};

} // namespace breakwater::desktop
