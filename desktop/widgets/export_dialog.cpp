#include "widgets/export_dialog.hpp"

#include "widgets/labels.hpp"

#include <QDir>
#include <QFileDialog>
#include <QLocale>
#include <QProgressBar>
#include <QStandardPaths>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

ExportDialog::ExportDialog(Export* newExport, QWidget* parent)
    : QDialog{parent},
      m_export{newExport},
      m_text{plainLabel(tr("Waiting for the server …"))},
      m_bar{new QProgressBar},
      m_button{makeButton(tr("Cancel"))} {
    setWindowTitle(tr("Export"));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(460);
    m_export->setParent(this);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(20, 18, 20, 16);
    layout->addWidget(titleLabel(tr("Export"), 1.2));
    auto* path = mutedLabel(QDir::toNativeSeparators(newExport->path()));
    path->setWordWrap(true);
    layout->addWidget(path);
    layout->addWidget(m_bar);
    m_text->setWordWrap(true);
    layout->addWidget(m_text);
    layout->addWidget(m_button, 0, Qt::AlignRight);
    m_bar->setRange(0, 0);
    m_bar->setTextVisible(false);
    connect(m_button, &QPushButton::clicked, this, &ExportDialog::reject);
    connect(m_export, &Export::progressed, this, &ExportDialog::progress);
    connect(m_export, &Export::finished, this, [this](qint64 rows) {
        m_bar->setRange(0, 1);
        m_bar->setValue(1);
        finish(tr("Exported %n row(s).", nullptr, static_cast<int>(rows)));
    });
    connect(m_export, &Export::failed, this, [this](const QString& detail) {
        m_bar->hide();
        finish(tr("Export failed, no file was written: %1").arg(detail));
    });
    m_export->start();
}

void ExportDialog::progress(qint64 rows, qint64 total) {
    const QLocale locale;
    if (total > 0) {
        m_bar->setRange(0, 1000);
        m_bar->setValue(static_cast<int>(std::min<qint64>(1000, rows * 1000 / total)));
        m_text->setText(tr("%1 of %2 rows").arg(locale.toString(rows), locale.toString(total)));
    } else {
        m_text->setText(tr("%1 rows").arg(locale.toString(rows)));
    }
}

void ExportDialog::finish(const QString& text) {
    m_finished = true;
    m_text->setText(text);
    m_button->setText(tr("Close"));
}

void ExportDialog::reject() {
    if (!m_finished)
        m_export->cancel();
    QDialog::reject();
}

void exportWithDialog(QWidget* parent, const QString& suggested,
                      std::function<Export*(const QString&)> make) {
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    auto* dialog = new QFileDialog{parent, ExportDialog::tr("Export as CSV"), folder,
                                   ExportDialog::tr("CSV files (*.csv)")};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"csv"_s);
    dialog->selectFile(suggested);
    QObject::connect(dialog, &QFileDialog::fileSelected, parent,
                     [parent, make = std::move(make)](const QString& path) {
                         auto* progress = new ExportDialog{make(path), parent};
                         progress->open();
                     });
    dialog->open();
}

} // namespace breakwater::desktop
