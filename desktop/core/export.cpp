#include "core/export.hpp"

#include <utility>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

Export::Export(const Api& api, const QString& path, QObject* parent)
    : QObject{parent}, m_api{api}, m_file{path} {}

void Export::start() {
    m_calls = std::make_unique<QObject>();
    if (!m_file.open(QIODevice::WriteOnly))
        return fail(tr("The file can't be written: %1").arg(m_file.errorString()));
    begin();
}

void Export::cancel() {
    if (m_calls == nullptr)
        return;
    m_calls.release()->deleteLater();
    m_file.cancelWriting();
    Q_EMIT cancelled();
}

void Export::setTotal(qint64 total) {
    m_total = total;
    Q_EMIT progressed(m_rows, m_total);
}

bool Export::write(const QByteArray& bytes, qint64 rows) {
    if (m_calls == nullptr)
        return false;
    if (m_file.write(bytes) != bytes.size()) {
        fail(tr("The file can't be written: %1").arg(m_file.errorString()));
        return false;
    }
    m_rows += rows;
    Q_EMIT progressed(m_rows, m_total);
    return true;
}

void Export::fail(const QString& detail) {
    if (m_calls == nullptr)
        return;
    m_calls.release()->deleteLater();
    m_file.cancelWriting();
    Q_EMIT failed(detail);
}

void Export::finish() {
    if (!m_file.commit())
        return fail(tr("The file can't be written: %1").arg(m_file.errorString()));
    m_calls.release()->deleteLater();
    Q_EMIT finished(m_rows);
}

QByteArray csvCell(const QString& text) {
    QString cell = text;
    if (!cell.isEmpty() && "=+-@\t\r"_L1.contains(cell.front()))
        cell.prepend(u'\'');
    if (cell.contains(u'"') || cell.contains(u',') || cell.contains(u'\n') || cell.contains(u'\r'))
        cell = u'"' + cell.replace("\""_L1, "\"\""_L1) + u'"';
    return cell.toUtf8();
}

} // namespace breakwater::desktop
