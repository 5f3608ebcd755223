using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.State;

namespace AspireGateway.Integration.Tests.State;

/// <summary>A snapshot as text, so that two can be compared and a difference read.</summary>
internal static class SnapshotText
{
    /// <summary>Everything but when and whence it was read.</summary>
    public static string Of(ConfigurationSnapshot snapshot)
    {
        var text = new StringBuilder();
        text.Append("revision ").Append(snapshot.Revision).AppendLine();
        IReadOnlyList<OrganisationCatalog> catalogs = [.. snapshot.Organisations.Values.OrderBy(o => o.Id).Select(o => o.Catalog!)];
        text.AppendLine(JsonSerializer.Serialize(catalogs, CatalogJson.Default.IReadOnlyListOrganisationCatalog));
        foreach (var organisation in snapshot.Organisations.Values.OrderBy(o => o.Id))
            foreach (var (name, model) in organisation.Models.Concat(organisation.DirectModels).OrderBy(m => m.Key, StringComparer.Ordinal))
                text.Append(organisation.Slug).Append(": ").Append(name).Append(" -> ").Append(model.Name).Append(' ')
                    .AppendJoin(", ", model.Deployments.Select(d => $"{d.Name}@{d.Provider.Slug} {string.Join('+', d.Credentials.Select(c => c.Credential.Id))} {d.IsEnabled} {d.Prices.Length}")).AppendLine();
        text.Append("keys ").Append(snapshot.Keys.Count).AppendLine();
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (var key in snapshot.Keys.All.OrderBy(k => k.Id))
        {
            bytes.SetLength(0);
            KeyRecord.Write(writer, key);
            text.AppendLine(Convert.ToHexString(bytes.ToArray()));
            if (snapshot.Keys.Find(key.SecretHash) != key) text.Append("not found by its hash: ").AppendLine(key.Name);
        }
        return text.ToString();
    }
}
