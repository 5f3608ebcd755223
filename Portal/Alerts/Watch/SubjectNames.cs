using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Watch;

/// <summary>Names that subjects have for people, read when something is unusual and kept with the alert: it stays readable when the key is gone.</summary>
internal sealed class SubjectNames(NpgsqlDataSource database)
{
    /// <summary>The findings that are above their threshold, with names.</summary>
    public async Task<List<Finding>> NamedAsync(List<Finding> findings, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. findings.Where(f => f.Judgement.IsAbove).Select(f => IdOf(f.Key.Subject)).OfType<Guid>().Distinct()];
        if (ids.Length == 0) return findings;
        var names = (await database.ReadAsync(
            "select id, name from virtual_keys where id = any(@ids) union all select id, name from teams where id = any(@ids)", r => (Id: r.GetGuid(0), Name: r.GetString(1)), cancellationToken,
            Sql.Ids("ids", ids))).ToDictionary(n => n.Id, n => n.Name);
        return [.. findings.Select(f => IdOf(f.Key.Subject) is { } id && names.TryGetValue(id, out var name) ? f with { Name = name } : f)];
    }

    /// <summary>The organisation in which alerts of the installation's own stores stand: the one that was made first. Null = there is none yet.</summary>
    public async Task<Guid?> InstallationAsync(CancellationToken cancellationToken) =>
        (await database.ReadAsync("select id from organisations order by created_at, id limit 1", r => r.GetGuid(0), cancellationToken)) is [var first] ? first : null;

    private static Guid? IdOf(string subject) => Guid.TryParse(subject.AsSpan(subject.IndexOf(':', StringComparison.Ordinal) + 1), out var id) ? id : null;
}
