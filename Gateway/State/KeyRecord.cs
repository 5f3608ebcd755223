using System.Security.Cryptography;

namespace AspireGateway.Gateway.State;

/// <summary>A virtual key in the last-good file: binary, because there may be a million of them.</summary>
internal static class KeyRecord
{
    [Flags]
    private enum Fields : byte
    {
        None = 0,
        DefaultModel = 1,
        Feature = 2,
        MaxBodyBytes = 4,
        MaxMultipartBytes = 8,
        ExpiresAt = 16,
        RevokedAt = 32,
    }

    /// <summary>Writes one key.</summary>
    public static void Write(BinaryWriter writer, VirtualKeySnapshot key)
    {
        Span<byte> id = stackalloc byte[16];
        foreach (var value in (ReadOnlySpan<Guid>)[key.Id, key.OrganisationId, key.TeamId])
        {
            value.TryWriteBytes(id);
            writer.Write(id);
        }
        writer.Write(key.SecretHash);
        writer.Write(key.Name);
        writer.Write(key.Prefix);
        writer.Write7BitEncodedInt(key.AllowedModels.Length);
        foreach (var pattern in key.AllowedModels) writer.Write(pattern);
        writer.Write((byte)FieldsOf(key));
        if (key.DefaultModel is { } model) writer.Write(model);
        if (key.Feature is { } feature) writer.Write(feature);
        if (key.MaxBodyBytes is { } body) writer.Write(body);
        if (key.MaxMultipartBytes is { } multipart) writer.Write(multipart);
        if (key.ExpiresAt is { } expires) writer.Write(expires.UtcTicks);
        if (key.RevokedAt is { } revoked) writer.Write(revoked.UtcTicks);
    }

    /// <summary>Reads one key.</summary>
    public static VirtualKeySnapshot Read(BinaryReader reader, SharedText names)
    {
        var (id, organisation, team) = (ReadId(reader), ReadId(reader), ReadId(reader));
        var hash = reader.ReadBytes(SHA256.HashSizeInBytes);
        var (name, prefix) = (reader.ReadString(), reader.ReadString());
        var patterns = new string[reader.Read7BitEncodedInt()];
        for (var i = 0; i < patterns.Length; i++) patterns[i] = names.One(reader.ReadString());
        var fields = (Fields)reader.ReadByte();
        // Initialisers run in this order, which is that of the file.
        return new VirtualKeySnapshot
        {
            Id = id,
            OrganisationId = organisation,
            TeamId = team,
            Name = name,
            Prefix = prefix,
            SecretHash = hash,
            AllowedModels = names.One(patterns),
            DefaultModel = fields.HasFlag(Fields.DefaultModel) ? names.One(reader.ReadString()) : null,
            Feature = fields.HasFlag(Fields.Feature) ? names.One(reader.ReadString()) : null,
            MaxBodyBytes = fields.HasFlag(Fields.MaxBodyBytes) ? reader.ReadInt64() : null,
            MaxMultipartBytes = fields.HasFlag(Fields.MaxMultipartBytes) ? reader.ReadInt64() : null,
            ExpiresAt = fields.HasFlag(Fields.ExpiresAt) ? new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero) : null,
            RevokedAt = fields.HasFlag(Fields.RevokedAt) ? new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero) : null,
        };
    }

    private static Guid ReadId(BinaryReader reader)
    {
        Span<byte> id = stackalloc byte[16];
        reader.BaseStream.ReadExactly(id);
        return new Guid(id);
    }

    private static Fields FieldsOf(VirtualKeySnapshot key) =>
        (key.DefaultModel is null ? Fields.None : Fields.DefaultModel) |
        (key.Feature is null ? Fields.None : Fields.Feature) |
        (key.MaxBodyBytes is null ? Fields.None : Fields.MaxBodyBytes) |
        (key.MaxMultipartBytes is null ? Fields.None : Fields.MaxMultipartBytes) |
        (key.ExpiresAt is null ? Fields.None : Fields.ExpiresAt) |
        (key.RevokedAt is null ? Fields.None : Fields.RevokedAt);
}
