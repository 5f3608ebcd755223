using System.Security.Cryptography;

namespace AspireGateway.Gateway.State;

/// <summary>A virtual key in the last-good file: binary, because there may be a million of them.</summary>
internal static class KeyRecord
{
    [Flags]
    private enum Fields : ushort
    {
        None = 0,
        DefaultModel = 1,
        Feature = 2,
        MaxBodyBytes = 4,
        MaxMultipartBytes = 8,
        ExpiresAt = 16,
        RevokedAt = 32,
        UserId = 64,
        Agent = 128,
        ApprovalThreshold = 256,
        ApprovalAction = 512,
        ApprovalModel = 1024,
        AllowedRegions = 2048,
        GuardrailLevel = 4096,
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
        WriteTexts(writer, key.AllowedModels);
        writer.Write((ushort)FieldsOf(key));
        writer.Write(key.Priority);
        writer.Write(key.HoldPolicy);
        if (key.DefaultModel is { } model) writer.Write(model);
        if (key.Feature is { } feature) writer.Write(feature);
        if (key.MaxBodyBytes is { } body) writer.Write(body);
        if (key.MaxMultipartBytes is { } multipart) writer.Write(multipart);
        if (key.ExpiresAt is { } expires) writer.Write(expires.UtcTicks);
        if (key.RevokedAt is { } revoked) writer.Write(revoked.UtcTicks);
        if (key.UserId is { } user) writer.Write(user);
        if (key.Agent is { } agent) writer.Write(agent);
        if (key.ApprovalThresholdNanoUsd is { } threshold) writer.Write(threshold);
        if (key.ApprovalAction is { } action) writer.Write(action);
        if (key.ApprovalModel is { } approvalModel) writer.Write(approvalModel);
        if (key.AllowedRegions.Length > 0) WriteTexts(writer, key.AllowedRegions);
        if (key.GuardrailLevel is { } level) writer.Write(level);
    }

    /// <summary>Reads one key.</summary>
    public static VirtualKeySnapshot Read(BinaryReader reader, SharedText names)
    {
        var (id, organisation, team) = (ReadId(reader), ReadId(reader), ReadId(reader));
        var hash = reader.ReadBytes(SHA256.HashSizeInBytes);
        var (name, prefix) = (reader.ReadString(), reader.ReadString());
        var patterns = ReadTexts(reader, names);
        var fields = (Fields)reader.ReadUInt16();
        var (priority, policy) = (reader.ReadByte(), names.One(reader.ReadString()));
        // Initialisers run in this order, which is that of the file.
        return new VirtualKeySnapshot
        {
            Id = id,
            OrganisationId = organisation,
            TeamId = team,
            Name = name,
            Prefix = prefix,
            SecretHash = hash,
            AllowedModels = patterns,
            DefaultModel = fields.HasFlag(Fields.DefaultModel) ? names.One(reader.ReadString()) : null,
            Feature = fields.HasFlag(Fields.Feature) ? names.One(reader.ReadString()) : null,
            MaxBodyBytes = fields.HasFlag(Fields.MaxBodyBytes) ? reader.ReadInt64() : null,
            MaxMultipartBytes = fields.HasFlag(Fields.MaxMultipartBytes) ? reader.ReadInt64() : null,
            ExpiresAt = fields.HasFlag(Fields.ExpiresAt) ? new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero) : null,
            RevokedAt = fields.HasFlag(Fields.RevokedAt) ? new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero) : null,
            Priority = priority,
            HoldPolicy = policy,
            UserId = fields.HasFlag(Fields.UserId) ? names.One(reader.ReadString()) : null,
            Agent = fields.HasFlag(Fields.Agent) ? names.One(reader.ReadString()) : null,
            ApprovalThresholdNanoUsd = fields.HasFlag(Fields.ApprovalThreshold) ? reader.ReadInt64() : null,
            ApprovalAction = fields.HasFlag(Fields.ApprovalAction) ? names.One(reader.ReadString()) : null,
            ApprovalModel = fields.HasFlag(Fields.ApprovalModel) ? names.One(reader.ReadString()) : null,
            AllowedRegions = fields.HasFlag(Fields.AllowedRegions) ? ReadTexts(reader, names) : [],
            GuardrailLevel = fields.HasFlag(Fields.GuardrailLevel) ? names.One(reader.ReadString()) : null,
        };
    }

    private static void WriteTexts(BinaryWriter writer, string[] texts)
    {
        writer.Write7BitEncodedInt(texts.Length);
        foreach (var text in texts) writer.Write(text);
    }

    private static string[] ReadTexts(BinaryReader reader, SharedText names)
    {
        var texts = new string[reader.Read7BitEncodedInt()];
        for (var i = 0; i < texts.Length; i++) texts[i] = names.One(reader.ReadString());
        return names.One(texts);
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
        (key.RevokedAt is null ? Fields.None : Fields.RevokedAt) |
        (key.UserId is null ? Fields.None : Fields.UserId) |
        (key.Agent is null ? Fields.None : Fields.Agent) |
        (key.ApprovalThresholdNanoUsd is null ? Fields.None : Fields.ApprovalThreshold) |
        (key.ApprovalAction is null ? Fields.None : Fields.ApprovalAction) |
        (key.ApprovalModel is null ? Fields.None : Fields.ApprovalModel) |
        (key.AllowedRegions.Length == 0 ? Fields.None : Fields.AllowedRegions) |
        (key.GuardrailLevel is null ? Fields.None : Fields.GuardrailLevel);
}
