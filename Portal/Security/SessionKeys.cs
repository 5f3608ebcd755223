using System.Xml.Linq;
using AspireGateway.Shared.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Portal.Security;

/// <summary>
/// Keeps the keys of session cookies in the database, so that replicas and restarts share sessions. Stands in for
/// Microsoft.AspNetCore.DataProtection.EntityFrameworkCore.
/// </summary>
public sealed class SessionKeys(NpgsqlDataSource database) : IXmlRepository
{
    /// <inheritdoc />
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var command = database.CreateCommand("select document from session_keys");
        using var reader = command.ExecuteReader();
        var elements = new List<XElement>();
        while (reader.Read()) elements.Add(XElement.Parse(reader.GetString(0)));
        return elements;
    }

    /// <inheritdoc />
    public void StoreElement(XElement element, string friendlyName)
    {
        ArgumentNullException.ThrowIfNull(element);
        using var command = database.CreateCommand("insert into session_keys (friendly_name, document) values ($1, $2) on conflict (friendly_name) do nothing");
        command.Parameters.Add(new() { Value = friendlyName });
        command.Parameters.Add(new() { Value = element.ToString(SaveOptions.DisableFormatting) });
        command.ExecuteNonQuery();
    }
}

/// <summary>Seals session keys with the master key: who reads the database cannot forge a session.</summary>
public sealed class SealedSessionKeys(IServiceProvider services) : IXmlEncryptor, IXmlDecryptor
{
    // Bound into the envelope where a row's id would be; any constant serves.
    private static readonly Guid Owner = new("6b9d3f0e-6f0c-4f39-9a1e-0a7f3f1f5c11");

    /// <inheritdoc />
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        ArgumentNullException.ThrowIfNull(plaintextElement);
        var envelope = services.GetRequiredService<SecretBox>().Seal(plaintextElement.ToString(SaveOptions.DisableFormatting), Owner);
        return new(new XElement("sealed", Convert.ToBase64String(envelope)), typeof(SealedSessionKeys));
    }

    /// <inheritdoc />
    public XElement Decrypt(XElement encryptedElement)
    {
        ArgumentNullException.ThrowIfNull(encryptedElement);
        var plain = services.GetRequiredService<SecretBox>().Open(Convert.FromBase64String(encryptedElement.Value), Owner)
            ?? throw new InvalidOperationException("A session key was sealed with a master key that is not known any more: see Gateway__PreviousMasterKeys.");
        return XElement.Parse(plain);
    }
}

/// <summary>Registration of the session keys.</summary>
public static class SessionKeysRegistration
{
    /// <summary>Puts the session keys into the database, sealed.</summary>
    public static void AddSessionKeys(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("AspireGateway.Portal");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
        {
            options.XmlRepository = new SessionKeys(provider.GetRequiredService<NpgsqlDataSource>());
            options.XmlEncryptor = new SealedSessionKeys(provider);
        }));
    }
}
