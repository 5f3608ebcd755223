namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>Turns encoded records into rows of the two tables without decoding them into objects: texts stay UTF-8, ids stay in network order.</summary>
internal static class UsageRows
{
    /// <summary>The columns, in the order in which a record is encoded.</summary>
    public const string UsageColumns =
        "id, at, organisation_id, team_id, key_id, price_version_id, feedback, estimated, streamed, input_tokens, cache_read_tokens, cache_write_tokens, "
        + "output_tokens, reasoning_tokens, latency_us, ttft_us, overhead_us, status_code, cost_nano_usd, request_id, user_id, feature, agent, route, task, model, "
        + "provider, deployment, served_model, status, error, cache_hit, tags, fallback_chain, guardrails_triggered, units, service_tier, saved_nano_usd, saved_us, prefix_saved_nano_usd";

    /// <summary>The columns of a journey.</summary>
    public const string JourneyColumns = "id, at, organisation_id, document";

    private const short UsageFields = 40;
    private const int TextFields = 13, SavingsFields = 2;

    /// <summary>Appends the row of a record.</summary>
    /// <param name="target">The body.</param>
    /// <param name="record">The encoded record.</param>
    /// <param name="withJson">False: tags and units become null, because Postgres refused one of them.</param>
    public static void AppendUsage(CopyBuffer target, ReadOnlySpan<byte> record, bool withJson)
    {
        var reader = new RecordReader(record);
        target.Row(UsageFields);
        target.Bytes(reader.Bytes(16));
        target.Timestamp(reader.Int64());
        target.Bytes(reader.Bytes(16));
        target.Bytes(reader.Bytes(16));
        target.Bytes(reader.Bytes(16));
        var flags = reader.Byte();
        if ((flags & RecordEncoder.HasPrice) != 0) target.Bytes(reader.Bytes(16));
        else target.Null();
        if ((flags & RecordEncoder.HasFeedback) != 0) target.Single(reader.Single());
        else target.Null();
        target.Bool((flags & RecordEncoder.IsEstimated) != 0);
        target.Bool((flags & RecordEncoder.IsStreamed) != 0);
        for (var i = 0; i < 6; i++) target.Int64(reader.Number());
        if ((flags & RecordEncoder.HasTtft) != 0) target.Int64(reader.Number());
        else target.Null();
        target.Int64(reader.Number());
        target.Int32((int)reader.Number());
        target.Int64(reader.Number());
        for (var i = 0; i < TextFields; i++)
        {
            if (reader.Text(out var text)) target.Bytes(text);
            else target.Null();
        }
        if (reader.Text(out var tags) && withJson) target.Json(tags);
        else target.Null();
        target.Texts(ref reader);
        target.Texts(ref reader);
        if (!reader.IsAtEnd && reader.Text(out var units) && withJson) target.Json(units);
        else target.Null();
        if (!reader.IsAtEnd && reader.Text(out var tier)) target.Bytes(tier);
        else target.Null();
        for (var i = 0; i < SavingsFields; i++)
        {
            if (reader.IsAtEnd)
            {
                target.Null();
                continue;
            }
            var saved = reader.Number();
            if ((flags & RecordEncoder.HasNoSavings) != 0) target.Null();
            else target.Int64(saved);
        }
        if (reader.IsAtEnd) target.Null();
        else target.Int64(reader.Number());
    }

    /// <summary>Appends the row of a record's journey.</summary>
    public static void AppendJourney(CopyBuffer target, ReadOnlySpan<byte> record, ReadOnlySpan<byte> journey)
    {
        target.Row(4);
        target.Bytes(record[..16]);
        target.Timestamp(RecordEncoder.AtUsOf(record));
        target.Bytes(record.Slice(24, 16));
        target.Bytes(journey);
    }
}
