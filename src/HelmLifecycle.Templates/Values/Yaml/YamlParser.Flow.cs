namespace HelmLifecycle.Templates;

/// <content>Collections in brackets and braces.</content>
internal sealed partial class YamlParser
{
    private void ParseFlowSequence(bool isFirst)
    {
        ref YamlToken token = ref _scanner.Peek();
        if (token.Kind != YamlTokenKind.FlowSequenceEnd)
        {
            if (!isFirst)
            {
                if (token.Kind != YamlTokenKind.FlowEntry)
                    throw Error("did not find expected ',' or ']'", token.Start);
                _scanner.Skip();
                token = ref _scanner.Peek();
            }

            if (token.Kind == YamlTokenKind.Key)
            {
                Emit(YamlEventKind.MappingStart, token.Start);
                _scanner.Skip();
                _state = State.FlowSequencePairKey;
                return;
            }

            if (token.Kind != YamlTokenKind.FlowSequenceEnd)
            {
                Push(State.FlowSequence);
                ParseNode(false, false);
                return;
            }
        }

        End(YamlEventKind.SequenceEnd, true);
    }

    private void ParseFlowSequencePairKey()
    {
        ref YamlToken token = ref _scanner.Peek();
        if (token.Kind is YamlTokenKind.Value or YamlTokenKind.FlowEntry or YamlTokenKind.FlowSequenceEnd)
        {
            // go-yaml passes over the token here, so that "[? , a]" reads as it does.
            YamlMark mark = token.Start;
            _scanner.Skip();
            EmitEmpty(mark, State.FlowSequencePairValue);
            return;
        }

        Push(State.FlowSequencePairValue);
        ParseNode(false, false);
    }

    private void ParseFlowSequencePairValue()
    {
        ref YamlToken token = ref _scanner.Peek();
        YamlMark mark = token.Start;
        if (token.Kind == YamlTokenKind.Value)
        {
            _scanner.Skip();
            if (_scanner.Peek().Kind is not (YamlTokenKind.FlowEntry or YamlTokenKind.FlowSequenceEnd))
            {
                Push(State.FlowSequencePairEnd);
                ParseNode(false, false);
                return;
            }
        }

        EmitEmpty(mark, State.FlowSequencePairEnd);
    }

    private void ParseFlowMappingKey(bool isFirst)
    {
        ref YamlToken token = ref _scanner.Peek();
        if (token.Kind != YamlTokenKind.FlowMappingEnd)
        {
            if (!isFirst)
            {
                if (token.Kind != YamlTokenKind.FlowEntry)
                    throw Error("did not find expected ',' or '}'", token.Start);
                _scanner.Skip();
                token = ref _scanner.Peek();
            }

            if (token.Kind == YamlTokenKind.Key)
            {
                _scanner.Skip();
                token = ref _scanner.Peek();
                if (token.Kind is YamlTokenKind.Value or YamlTokenKind.FlowEntry or YamlTokenKind.FlowMappingEnd)
                {
                    EmitEmpty(token.Start, State.FlowMappingValue);
                    return;
                }

                Push(State.FlowMappingValue);
                ParseNode(false, false);
                return;
            }

            if (token.Kind != YamlTokenKind.FlowMappingEnd)
            {
                Push(State.FlowMappingEmptyValue);
                ParseNode(false, false);
                return;
            }
        }

        End(YamlEventKind.MappingEnd, true);
    }

    private void ParseFlowMappingValue()
    {
        ref YamlToken token = ref _scanner.Peek();
        if (token.Kind == YamlTokenKind.Value)
        {
            _scanner.Skip();
            token = ref _scanner.Peek();
            if (token.Kind is not (YamlTokenKind.FlowEntry or YamlTokenKind.FlowMappingEnd))
            {
                Push(State.FlowMappingKey);
                ParseNode(false, false);
                return;
            }
        }

        EmitEmpty(token.Start, State.FlowMappingKey);
    }
}
